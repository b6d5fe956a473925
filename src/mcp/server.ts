import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { version } from '../version.ts'
import { checkCodeTool, runPythonTool } from './python-tools.ts'
import { steerTool } from './steer-tool.ts'
import { symbenchDrawTool, symbenchJudgeTool } from './symbench-tools.ts'
import { register, type Tool } from './tool.ts'
import type { Workplace } from './workplace.ts'

const tools = [
  steerTool,
  runPythonTool,
  checkCodeTool,
  symbenchDrawTool,
  symbenchJudgeTool,
] as const satisfies readonly unknown[]

/** One line of the call log: no arguments, no answers. */
export interface CallEntry {
  readonly at: string
  readonly tool: string
  readonly tookMs: number
  readonly outcome: string
}

export interface McpOptions {
  readonly onCall?: (entry: CallEntry) => void
  /** Defects of ours, for the log. */
  readonly onDefect?: (error: unknown) => void
}

/** A server for one client, with every tool; connect it to a transport. */
export function createMcp(place: Workplace, { onCall = () => {}, onDefect = () => {} }: McpOptions = {}): McpServer {
  const { id, simulated } = place.service.codesteer.taskModel
  const note = simulated ? ' It is SIMULATED: it knows SymBench questions only.' : ''
  const server = new McpServer(
    { name: 'codesteer', title: 'CodeSteer', version },
    {
      instructions: `Steers the model ${id} between words and code, and checks its answers.${note} Use steer for questions that need exact work; run_python and check_code are its sandbox and its reader of programs.`,
    },
  )
  for (const tool of tools)
    register(
      server,
      place,
      tool as unknown as Tool,
      call => onCall({ at: new Date().toISOString(), ...call }),
      onDefect,
    )
  return server
}
