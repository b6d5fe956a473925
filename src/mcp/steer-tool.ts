import { z } from 'zod'
import { confidenceOf } from '../fold.ts'
import type { Ask } from '../gateway/ask.ts'
import { failureOf } from '../gateway/errors.ts'
import { narrator } from '../narrate.ts'
import type { TrajectoryWriter } from '../store/trajectory-file.ts'
import type { Trajectory, TrajectoryEnd, TrajectoryEvent, Turn } from '../trajectory.ts'
import { newId } from '../util/id.ts'
import { args, cut, defineTool, type Step, type Told } from './tool.ts'
import type { Workplace } from './workplace.ts'

const questionCharacters = 200_000
const shown = { reply: 6_000, program: 20_000, stdout: 4_000, stderr: 2_000, told: 2_000 } as const
const beliefs = ['refuted', 'unchecked', 'confirmed'] as const

const turnShape = z.object({
  turn: z.int(),
  action: z.string().describe('text or code'),
  reason: z.string().describe('why the coach chose so'),
  reply: z.string(),
  program: z.string().nullable(),
  run: z
    .object({ outcome: z.string(), exitCode: z.int().nullable(), stdout: z.string(), stderr: z.string() })
    .nullable(),
  checks: z.array(z.object({ checker: z.string(), outcome: z.string(), told: z.string() })),
  answer: z.string().nullable(),
})

const output = z.object({
  answer: z.string().nullable().describe('the answer that counts; null when there is none'),
  answerTurn: z.int().nullable(),
  belief: z.enum(beliefs).describe('what a checking program found about the answer'),
  stop: z
    .string()
    .describe('returned, terminated, turn-limit, token-limit, cost-limit, time-limit, cancelled or error'),
  simulated: z.boolean().describe('true: no real model answered, and the result is nobody’s accuracy'),
  model: z.string(),
  coach: z.string(),
  turns: z.array(turnShape),
  spend: z.object({
    calls: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    costUsd: z.number().nullable().describe('null when a price is unknown'),
  }),
  tookMs: z.number(),
  trajectory: z.string().describe('its id'),
  record: z.string().nullable().describe('the file for `codesteer replay`, where the client may know it'),
  error: z.object({ kind: z.string(), message: z.string(), mend: z.string() }).optional(),
})

const input = args({
  question: z
    .string({ error: 'question must be a text, such as "9.11 or 9.9, which is larger?"' })
    .max(
      questionCharacters,
      `question must not be longer than ${questionCharacters} characters: no model would read it`,
    )
    .refine(text => text.trim() !== '', 'question is empty: ask for example "9.11 or 9.9, which is larger?"')
    .describe('The whole question: nothing else of the conversation is seen.'),
  turns: z
    .int({ error: 'turns must be a whole number from 1 to 20' })
    .min(1, 'turns must be a whole number from 1 to 20')
    .max(20, 'turns must be a whole number from 1 to 20')
    .optional()
    .describe('Answers asked for at most (the server’s own number when left out).'),
  coach: z
    .enum(['default', 'rules', 'fixed:text', 'fixed:code'], {
      error: 'coach must be default, rules, fixed:text or fixed:code',
    })
    .optional()
    .describe('Who decides between words and code.'),
  checkers: z
    .union([z.enum(['default', 'none']), z.array(z.string())], {
      error: 'checkers must be "default", "none" or a list such as ["self-answer"]',
    })
    .optional(),
  maxTokens: z.int({ error: 'maxTokens must be a whole number from 1' }).min(1).optional(),
  maxCostUsd: z.number({ error: 'maxCostUsd must be a number above 0' }).positive().optional(),
  maxTimeMs: z.int({ error: 'maxTimeMs must be a whole number of milliseconds' }).min(1).optional(),
})

/** `steer`: a question to its answer, with the evidence. */
export const steerTool = defineTool({
  name: 'steer',
  title: 'Steer a question',
  about: ({ service }) =>
    `Answers a question that needs exact work (arithmetic, counting, puzzles, planning, logic): a coach chooses words or code, programs run in a sandbox, the answer is checked, and the model is asked again where that helps. Comes back with the evidence: every turn, program, output and check. Model: ${service.codesteer.taskModel.id}.${simulatedNote(service.codesteer.taskModel.simulated)}`,
  input,
  output,
  readOnly: false,
  openWorld: true,
  async call({ question, ...settings }, step) {
    const id = newId()
    const ask = askOf(question, settings)
    let file: TrajectoryWriter | undefined
    try {
      const { trajectory } = await step.place.service.run(ask, {
        id,
        signal: step.signal,
        // On disk before anything is done with it, as `codesteer ask` does.
        onEvent(event) {
          file ??= step.place.record(id)
          file.append(event)
          tell(event, step)
        },
        // Nothing is streamed from the model when nobody listens.
        ...(step.progress.listening ? { onDelta: counter(step) } : {}),
      })
      step.signal.throwIfAborted()
      return told(trajectory, step.place, file?.path ?? null)
    } finally {
      file?.close()
    }
  },
})

const simulatedNote = (simulated: boolean) =>
  simulated ? ' It is SIMULATED: it knows SymBench questions only, and its answers are nobody’s accuracy.' : ''

function askOf(question: string, settings: Omit<z.infer<typeof input>, 'question'>): Ask {
  const messages = [{ role: 'user' as const, content: question }]
  return { model: 'codesteer', messages, stream: false, settings, ignored: [] }
}

/** What is waited for after an event. */
const afterwards: Readonly<Record<TrajectoryEvent['type'], string>> = {
  'trajectory-start': 'the coach decides',
  guidance: 'the model answers',
  'model-call': 'the answer is run and checked',
  'code-run': 'the answer is checked',
  check: 'the answer is checked and the coach decides',
  'trajectory-end': '',
}

function tell(event: TrajectoryEvent, { progress }: Step): void {
  const words = narrator('brief').event(event).trim()
  if (words !== '') progress.say(cut(words, 500))
  else if (event.type === 'model-call') progress.say(`[${event.role} model] ${event.completion.text.length} characters`)
  progress.waiting(afterwards[event.type])
}

/** Counts the characters that arrive, so that a long reply is seen to come. */
function counter({ progress }: Step) {
  let characters = 0
  return ({ role, text }: { readonly role: string; readonly text: string }) => {
    const before = Math.floor(characters / 1_000)
    characters += text.length
    if (Math.floor(characters / 1_000) > before)
      progress.say(`the ${role} model writes, ${characters} characters so far`)
  }
}

function told(trajectory: Trajectory, place: Workplace, path: string | null): Told<z.infer<typeof output>> {
  const { start, turns, answer, end, spend, tookMs } = trajectory
  const { calls, inputTokens, outputTokens, costUsd } = spend.total
  const counted = turns.find(turn => turn.index === answer?.turn)
  const structured = {
    answer: answer?.text ?? null,
    answerTurn: answer?.turn ?? null,
    belief: counted ? beliefs[confidenceOf(counted)] : ('unchecked' as const),
    stop: end?.reason ?? 'error',
    simulated: start.simulated,
    model: start.models.task,
    coach: start.coach,
    turns: turns.map(turnOut),
    spend: { calls, inputTokens, outputTokens, costUsd },
    tookMs,
    trajectory: start.id,
    record: place.trusted ? path : null,
    ...(end?.error ? { error: errorOut(end.error, place) } : {}),
  }
  const failed = end?.error !== undefined && answer === null
  return { structured, text: textOf(structured), ...(failed ? { failed } : {}) }
}

/** A stranger is not told what the provider says about our key, nor what our defects are. */
function errorOut(error: NonNullable<TrajectoryEnd['error']>, { trusted }: Workplace) {
  const { kind, message, mend } = error
  const told = failureOf(error).message
  return trusted || told.startsWith(message) ? { kind, message, mend } : { kind, message: told, mend: '' }
}

function turnOut({ index, guidance, reply, source, run, checks, answer }: Turn): z.infer<typeof turnShape> {
  return {
    turn: index,
    action: guidance.action,
    reason: guidance.reason,
    reply: cut(reply?.completion.text ?? '', shown.reply),
    program: source === null ? null : cut(source, shown.program),
    run: run && {
      outcome: run.outcome,
      exitCode: run.exitCode,
      stdout: cut(run.stdout, shown.stdout),
      stderr: cut(run.stderr, shown.stderr),
    },
    checks: checks.map(({ checker, report }) => ({
      checker,
      outcome: report.outcome,
      told: cut(report.told, shown.told),
    })),
    answer: answer?.text ?? null,
  }
}

const beliefWords = {
  confirmed: 'a checking program confirmed it',
  refuted: 'a checking program found it wrong',
  unchecked: 'no checking program said anything about it',
} as const

function textOf(out: z.infer<typeof output>): string {
  const { answer, belief, error, spend, record, trajectory } = out
  const lines: string[] = []
  if (answer !== null) lines.push(`Answer: ${answer}`, `(turn ${out.answerTurn}; ${beliefWords[belief]})`)
  else lines.push('There is no answer.')
  if (error)
    lines.push(`It ended by a failure: ${error.mend === '' ? error.message : `${error.message}. ${error.mend}`}`)
  if (out.simulated)
    lines.push('SIMULATED: no real model answered. It knows SymBench questions only; this is nobody’s accuracy.')
  const tokens = spend.inputTokens + spend.outputTokens
  const cost = spend.costUsd === null ? 'price unknown' : `$${spend.costUsd.toFixed(4)}`
  lines.push(`Stopped: ${out.stop}. Turns: ${out.turns.length}, calls: ${spend.calls}, ${tokens} tokens, ${cost}.`)
  lines.push(record === null ? `Trajectory ${trajectory}.` : `Trajectory ${trajectory} (codesteer replay ${record}).`)
  for (const turn of out.turns) {
    lines.push('', `Turn ${turn.turn}, ${turn.action}: ${turn.reason}`)
    if (turn.program === null) lines.push(turn.reply)
    else lines.push('Program:', turn.program.trimEnd())
    if (turn.run) lines.push(`Run: ${turn.run.outcome}, exit code ${turn.run.exitCode}`, turn.run.stdout.trimEnd())
    if (turn.run?.stderr) lines.push(turn.run.stderr.trimEnd())
    for (const check of turn.checks) lines.push(`Check ${check.checker}, ${check.outcome}: ${check.told}`)
  }
  return lines.filter((line, i) => line !== '' || i > 0).join('\n')
}
