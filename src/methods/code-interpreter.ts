import { z } from 'zod'
import { programOf } from '../answer.ts'
import type { Method } from '../method.ts'
import type { ModelMessage, ToolCall, ToolSpec } from '../model.ts'
import { fill, prompts } from '../prompts/prompts.ts'
import { describeRun } from '../run-words.ts'
import { instruction, plain } from './_shared/turn.ts'

const toolInput = z.object({ source: z.string() })

const runPython: ToolSpec = {
  name: 'run_python',
  description: 'Runs a complete Python program in a fresh interpreter and returns what it printed.',
  input: toolInput,
}

/** The program in a tool call, or null when the call is none that we offered. */
function sourceOf(call: ToolCall): string | null {
  const parsed = toolInput.safeParse(call.input)
  return call.name === runPython.name && parsed.success ? parsed.data.source : null
}

/**
 * The model calls our sandbox as a tool until it answers. The hosted endpoint of the paper is gone; this is the same idea
 * with the isolation of every other method. The number of tool rounds is bounded by `maxTurns`.
 */
const codeInterpreter: Method = {
  name: 'code-interpreter',
  about: 'the model calls the sandbox as a tool, as often as it likes up to the turn limit',
  source: 'table 1, Code Interpreter (our sandbox as the tool)',
  prepare: async kit => plain(kit),
  async *body(episode) {
    const { kit, settings } = episode
    const guidance = prompts['code-interpreter']
    const messages: ModelMessage[] = [
      { role: 'user', content: fill('task-question', { guidance, question: episode.input.prompt }) },
    ]
    episode.begin(1)
    yield* episode.decide(instruction('code', guidance, 'the sandbox is a tool'))
    for (let round = 0; round < settings.maxTurns; round++) {
      const reply = yield* episode.call('task', 'task', kit.taskModel, messages, { tools: [runPython] })
      if (reply.toolCalls.length === 0) {
        const source = programOf(reply.text, settings)
        if (source !== null) yield* episode.run('answer', source)
        return 'returned'
      }
      messages.push(episode.thread('task').at(-1)!)
      for (const call of reply.toolCalls) {
        const source = sourceOf(call)
        const value =
          source === null
            ? 'There is one tool: run_python, with {"source": "…"}.'
            : await describeRun(yield* episode.run('tool', source), settings.outputTokens)
        messages.push({
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: call.id, toolName: call.name, output: { type: 'text', value } }],
        })
      }
    }
    return 'turn-limit'
  },
}

export default codeInterpreter
