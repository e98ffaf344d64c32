export const SCHEMA_ZIP: string;
export function checkerTool(name?: string, folder?: string): string | null;
export function checkerState(paths?: {
  zip?: string;
  folder?: string;
}): 'absent' | 'ready' | 'needed';
