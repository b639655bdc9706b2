/** Ports of a native stack, all from one base. */
export interface StackPorts { readonly broker: number; readonly controller: number; readonly registry: number; readonly redis: number; readonly console: number }

export const stackPorts = (basePort: number): StackPorts =>
  ({ redis: basePort + 79, console: basePort + 80, registry: basePort + 81, broker: basePort + 92, controller: basePort + 93 });
