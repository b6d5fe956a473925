import type { CliContext } from './context.ts'
import type { ViewFlags } from './view-runs.ts'

export async function saveStatic(_runs: readonly string[], _flags: ViewFlags, _context: CliContext): Promise<void> {}
