import { confirm, isCancel } from '@clack/prompts'
import { InputError } from '../../errors.ts'
import { type CliContext, Exit, settingUp } from './context.ts'
import { liveBlock } from './live-block.ts'

/** Work that may cost goes on only with a yes above the plan's limit. Throws InputError where nobody can be asked. */
export async function agreeToCost(
  costUsd: number,
  askAboveUsd: number,
  flags: { readonly yes?: boolean; readonly json?: boolean },
  { stdin, err }: CliContext,
): Promise<void> {
  if (costUsd <= askAboveUsd || flags.yes) return
  const question = `This may cost about $${costUsd.toFixed(2)}, more than the $${askAboveUsd} at which it asks.`
  if (!stdin.isTTY || !err.isTTY || flags.json)
    throw new InputError(question, 'Say --yes to go on, cap it with --max-cost, or look with --dry-run.')
  const answer = await confirm({ message: `${question} Go on?`, initialValue: false })
  if (isCancel(answer) || !answer) throw new Exit(1)
}

/** Long work that can tell how far it is. */
interface Work<S, O> {
  work(): Promise<O>
  snapshot(): S
}

/** How a snapshot looks: a block on a terminal, a line in a log. */
interface Look<S> {
  lines(snapshot: S, size: { readonly columns: number; readonly colour: boolean }): string[]
  line(snapshot: S): string
}

const redrawMs = 200
const logMs = 5_000

/** Works it off while showing how far it is: live on a terminal, a line every 5 s elsewhere, JSON Lines when asked. */
export async function watched<S extends object, O>(
  prepared: Work<S, O>,
  look: Look<S>,
  json: boolean,
  { err, out, environment, signal }: CliContext,
): Promise<O> {
  const live = !json && err.isTTY
  const block = liveBlock(err)
  const colour = err.isTTY && !environment.NO_COLOR
  const show = () => {
    const snapshot = prepared.snapshot()
    if (json) out.write(`${JSON.stringify({ type: 'progress', ...snapshot })}\n`)
    else if (live) block.draw(look.lines(snapshot, { columns: err.columns, colour }))
    else err.write(`${look.line(snapshot)}\n`)
  }
  const timer = setInterval(show, live ? redrawMs : logMs)
  const told = () => {
    block.clear()
    err.write('stopping: calls under way may finish (5 s); Ctrl-C again ends at once, and nothing is lost either way\n')
  }
  signal.addEventListener('abort', told, { once: true })
  try {
    return await settingUp(() => prepared.work())
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', told)
    block.clear()
  }
}
