import { partsOf, programOf } from '../answer.ts'
import { isFinish } from '../coach.ts'
import type { ModelMessage } from '../model.ts'
import { outcomeWords } from '../run-words.ts'
import type {
  CheckEvent,
  CodeRunEvent,
  GuidanceEvent,
  ModelCallEvent,
  TrajectoryEnd,
  TrajectoryEvent,
  TrajectoryStart,
} from '../trajectory.ts'
import type { Step } from './api.ts'
import { codeView } from './code-view.ts'

type Ready<K extends Step['kind']> = Omit<Extract<Step, { kind: K }>, 'seq' | 'turn' | 'atMs' | 'tookMs'>

/** An event as it is shown, or null for one that is no step (the start). `turn` is the turn that stands open. */
export async function stepOf(event: TrajectoryEvent, start: TrajectoryStart, turn: number): Promise<Step | null> {
  if (event.type === 'trajectory-start') return null
  const place = {
    seq: event.seq,
    turn: event.type === 'trajectory-end' ? turn : event.turn,
    atMs: Math.max(0, event.atMs - start.atMs),
    tookMs: event.type === 'model-call' ? event.tookMs : event.type === 'code-run' ? event.result.tookMs : 0,
  }
  switch (event.type) {
    case 'guidance':
      return { ...place, ...guidance(event, start) }
    case 'model-call':
      return { ...place, ...(await reply(event, start)) }
    case 'code-run':
      return { ...place, ...(await run(event)) }
    case 'check':
      return { ...place, ...check(event) }
    case 'trajectory-end':
      return { ...place, ...end(event) }
  }
}

/** All steps of a trajectory, or of as much as there is of it. */
export async function stepsOf(events: readonly TrajectoryEvent[]): Promise<Step[]> {
  const [start] = events
  if (start?.type !== 'trajectory-start') return []
  const steps: Step[] = []
  for (const event of events) {
    const step = await stepOf(event, start, steps.at(-1)?.turn ?? 0)
    if (step) steps.push(step)
  }
  return steps
}

function guidance({ guidance, turn }: GuidanceEvent, start: TrajectoryStart): Ready<'guidance'> {
  const forced = start.branchOf?.turn === turn && !isFinish(guidance)
  return { kind: 'guidance', guidance, forced }
}

async function reply(event: ModelCallEvent, start: TrajectoryStart): Promise<Ready<'reply'>> {
  const { role, model, completion, append, usage, costUsd, fromLedger } = event
  const own = role === 'task' || role === 'summariser'
  const program = own ? programOf(completion.text, start.settings) : null
  const parts: Ready<'reply'>['parts'][number][] = []
  for (const part of partsOf(completion.text)) {
    if ('words' in part) parts.push({ kind: 'words', text: part.words })
    else parts.push({ kind: 'code', code: await codeView(part.block.code, { marks: part.block.code === program }) })
  }
  return {
    kind: 'reply',
    role,
    model,
    prompt: append.map(wordsOf).join('\n\n'),
    text: completion.text,
    reasoning: completion.reasoning,
    finish: completion.finish,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    costUsd,
    fromLedger,
    parts,
  }
}

/** What was said in a message; other contents than words are named. */
function wordsOf({ content }: ModelMessage): string {
  if (typeof content === 'string') return content
  return content.map(part => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n')
}

async function run({ purpose, source, result }: CodeRunEvent): Promise<Ready<'run'>> {
  const { exitCode, stdout, stderr, droppedBytes } = result
  const code = await codeView(source, { marks: purpose === 'answer' })
  return { kind: 'run', purpose, code, outcome: outcomeWords(result), exitCode, stdout, stderr, droppedBytes }
}

const check = ({ checker, report }: CheckEvent): Ready<'check'> => ({
  kind: 'check',
  checker,
  outcome: report.outcome,
  summary: report.told,
})

const end = ({ reason, error }: TrajectoryEnd): Ready<'end'> => ({
  kind: 'end',
  reason,
  error: error?.message ?? null,
  mend: error?.mend ?? null,
})
