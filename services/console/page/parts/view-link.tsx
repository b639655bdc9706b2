/** A way to another view: an address for a new tab, a step without loading otherwise. */
import type { ComponentChildren } from 'preact';
import { usePage } from '../context';
import { searchOfView, withChanges, type Changes, type ViewName } from '../place';

interface ViewLinkProps { readonly view: ViewName; readonly current?: boolean; readonly also?: Changes; readonly children: ComponentChildren }

export function ViewLink({ view, current = false, also = {}, children }: ViewLinkProps) {
  const { search, go } = usePage();
  const wanted = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const next = Object.fromEntries(new URLSearchParams(searchOfView(search, view)));
    const gone = Object.fromEntries([...new URLSearchParams(search).keys()].map((key) => [key, undefined]));
    go({ ...gone, ...next, ...also });
  };
  return <a href={withChanges(searchOfView(search, view), also)} aria-current={current ? 'page' : undefined} onClick={wanted}>{children}</a>;
}
