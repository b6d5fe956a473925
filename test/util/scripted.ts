import type { Coach, Guidance } from '../../src/coach.ts'
import type { Kit } from '../../src/kit.ts'
import type { ChatModel, ModelReply, ModelRequest } from '../../src/model.ts'
import type { RunResult, Sandbox } from '../../src/sandbox.ts'
import { steerDefaults } from '../../src/settings.ts'
import { steer } from '../../src/steer.ts'
import type { Trajectory, TrajectoryEvent } from '../../src/trajectory.ts'

/** A model that says what the script says, and remembers what it was asked. */
export interface ScriptedModel extends ChatModel {
  readonly requests: ModelRequest[]
}

export function scriptedModel(
  script: (request: ModelRequest, nth: number) => string | Promise<string>,
  id = 'scripted/model',
  json = false,
): ScriptedModel {
  const requests: ModelRequest[] = []
  return {
    id,
    simulated: false,
    requests,
    capabilities: {
      systemMessage: true,
      temperature: true,
      jsonSchema: json,
      tools: false,
      reasoning: 'none',
      contextTokens: null,
    },
    async call(request): Promise<ModelReply> {
      requests.push(request)
      request.signal?.throwIfAborted()
      const text = await script(request, requests.length)
      return {
        text,
        reasoning: null,
        finish: 'stop',
        toolCalls: [],
        usage: { inputTokens: 10, outputTokens: 5, reasoningTokens: 0, cachedInputTokens: 0 },
        costUsd: 0.001,
        tookMs: 1,
        requestHash: `hash-${requests.length}`,
        fromLedger: false,
        attempts: 1,
        notes: [],
      }
    },
  }
}

export const finished = (stdout: string, exitCode = 0, stderr = ''): RunResult => ({
  outcome: 'finished',
  exitCode,
  stdout,
  stderr,
  droppedBytes: 0,
  tookMs: 3,
})

/** A sandbox that "runs" by a function; it remembers the programs. */
export function scriptedSandbox(
  script: (source: string, nth: number) => RunResult | Promise<RunResult>,
): Sandbox & { readonly sources: string[] } {
  const sources: string[] = []
  return {
    name: 'scripted',
    sources,
    async run({ source, signal }) {
      sources.push(source)
      signal?.throwIfAborted()
      return script(source, sources.length)
    },
    close: async () => {},
  }
}

/** A coach that gives the listed guidance in turn, then returns. */
export function scriptedCoach(...steps: readonly (Guidance | 'text' | 'code' | 'return' | 'terminate')[]): Coach {
  return {
    name: 'scripted',
    models: [],
    async *guide(soFar) {
      const step = steps[soFar.turns.length] ?? 'return'
      if (typeof step !== 'string') return step
      const base = { reason: 'scripted', raw: null }
      return step === 'text' || step === 'code'
        ? { action: step, prompt: `do ${step} ${soFar.turns.length + 1}`, ...base }
        : { action: step, ...base }
    },
  }
}

/** A clock that moves one second per look. */
export function tickingClock(): Kit['clock'] {
  let now = 1_700_000_000_000
  return { nowMs: () => (now += 1_000), sleep: async () => {} }
}

export interface Played {
  readonly events: readonly TrajectoryEvent[]
  readonly trajectory: Trajectory
}

/** Runs the loop with the given parts; the rest is scripted to do nothing. */
export async function play(
  parts: Partial<Kit> & { readonly taskModel: ChatModel },
  prompt = 'What is 6 * 7?',
): Promise<Played> {
  const kit: Kit = {
    checkerModel: parts.taskModel,
    coach: scriptedCoach('text'),
    checkers: [],
    sandbox: scriptedSandbox(() => finished('')),
    settings: steerDefaults,
    clock: tickingClock(),
    ...parts,
  }
  const events: TrajectoryEvent[] = []
  const loop = steer({ prompt, id: 'test', trial: '0' }, kit)
  for (;;) {
    const step = await loop.next()
    if (step.done) return { events, trajectory: step.value }
    events.push(step.value)
  }
}
