import { liveBefore, liveOf, noNamespaces, placeOf, withEvent, type NamespaceDirectory, type NamespaceEvent, type NamespaceManifest } from './namespace-directory';
import { aggregateInputs } from '../topology';

const manifest = (name: string): NamespaceManifest => ({
  name, source: 'customs.declarations.accepted.v1', inputs: ['customs.declarations.accepted.v1', 'customs.declarations.rejected.v1'],
  documents: ['imts2010@1.0.0'], ownDocuments: [], referenceSet: 'digest', historyUntil: { 'customs.declarations.accepted.v1/0': 9 }, createdBy: 'N. Mbala', createdAtMs: 1,
});
const promoted = (name: string): NamespaceEvent => ({ kind: 'promoted', name, by: 'N. Mbala', atMs: 2, reason: 'duty of 2026' });
const undo = (name: string): NamespaceEvent => ({ kind: 'promoted', name, by: 'N. Mbala', atMs: 3, reason: 'wrong', undoes: true });
const folded = (events: readonly NamespaceEvent[]): NamespaceDirectory => events.reduce((directory, event, offset) => withEvent(directory, event, offset), noNamespaces);

test('before anything is promoted the figures that the live services count are live', () => {
  expect(liveOf(noNamespaces)).toEqual({ name: 'live', generation: 0, inputs: aggregateInputs });
  expect(liveBefore(noNamespaces)).toBeUndefined();
});

test('a promotion moves what is live, an undo moves it back, and each is a generation of its own', () => {
  const directory = folded([{ kind: 'created', manifest: manifest('duty') }, promoted('duty')]);
  expect(liveOf(directory)).toEqual({ name: 'duty', generation: 1, inputs: manifest('duty').inputs });
  expect(liveBefore(directory)).toBe('live');
  const undone = withEvent(directory, undo('live'), 2);
  expect(liveOf(undone)).toEqual({ name: 'live', generation: 2, inputs: aggregateInputs });
});

test('an undo goes back one promotion at a time, and to nothing that was undone', () => {
  const twice = folded([promoted('duty'), promoted('rates')]);
  expect(liveBefore(twice)).toBe('duty');
  const once = withEvent(twice, undo('duty'), 2);
  expect([liveOf(once).name, liveBefore(once)]).toEqual(['duty', 'live']);
  const never = withEvent(once, undo('live'), 3);
  expect([liveOf(never).name, liveBefore(never)]).toEqual(['live', undefined]);
  expect(liveBefore(withEvent(never, promoted('rates'), 4))).toBe('live');
});

test('an event that was folded already changes nothing, and a namespace that was dropped is not known any more', () => {
  const directory = folded([{ kind: 'created', manifest: manifest('duty') }, promoted('duty')]);
  expect(withEvent(directory, promoted('duty'), 1)).toBe(directory);
  const dropped = withEvent(directory, { kind: 'dropped', name: 'duty', by: 'N. Mbala', atMs: 3 }, 5);
  expect(dropped.namespaces).toEqual({});
  expect(dropped.revision).toBe(6);
  expect(placeOf(dropped, 'duty').inputs).toEqual(aggregateInputs);
});
