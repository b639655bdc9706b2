/** What officers decide on alerts: events, the newest of an alert is its state. */
export const alertStates = ['open', 'cleared', 'held'] as const;
export type AlertState = (typeof alertStates)[number];

/** A value of customs.alerts.decisions.v1. */
export interface AlertDecision {
  readonly decisionId: string;
  readonly alertId: string;
  readonly state: 'UNSPECIFIED' | 'OPEN' | 'CLEARED' | 'HELD';
  readonly reason: string;
  readonly decidedBy: string;
  readonly decidedAt: number;
}
export interface ShownDecision { readonly state: AlertState; readonly reason: string; readonly by: string; readonly at: string }

export const eventState = (state: AlertState): AlertDecision['state'] => state.toUpperCase() as AlertDecision['state'];

/** A state that a later version added is shown as open: somebody looks at it. */
export const shownDecision = ({ state, reason, decidedBy, decidedAt }: AlertDecision): ShownDecision =>
  ({ state: alertStates.find((known) => eventState(known) === state) ?? 'open', reason, by: decidedBy, at: new Date(decidedAt).toISOString() });
