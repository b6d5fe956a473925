import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { durationText } from '../src/cli/_shared/progress.ts'

interface Event {
  readonly type: string
  readonly atMs: number
  readonly steps?: number
  readonly fromStep?: number
  readonly step?: number
  readonly values?: Readonly<Record<string, number>>
}

/** Says how far a training is from its log.jsonl, every few seconds when there is news, with the time left. */
export function followTraining(
  file: string,
  say: (line: string) => void,
): { close(): void; last(): Record<string, number> } {
  let at = existsSync(file) ? statSync(file).size : 0
  let rest = ''
  let start: Event | null = null
  const values: Record<string, number> = {}
  const look = () => {
    if (!existsSync(file)) return
    const lines = (rest + readFrom(file, at)).split('\n')
    at = statSync(file).size
    rest = lines.pop() ?? ''
    const events = lines.map(line => JSON.parse(line) as Event)
    start = events.findLast(({ type }) => type === 'training-start') ?? start
    for (const event of events) Object.assign(values, event.values)
    const newest = events.findLast(({ type }) => type === 'training-step')
    if (newest && start) say(`  ${lineOf(start, newest, values)}`)
  }
  const timer = setInterval(look, 10_000)
  return {
    close() {
      clearInterval(timer)
      look()
    },
    last: () => values,
  }
}

/** `step 100 of 2,600, about 60 min left: loss 1.234`. The rest is taken to go as fast as what is done. */
function lineOf(start: Event, { step = 0, atMs }: Event, { loss, eval_loss: held }: Record<string, number>): string {
  const steps = start.steps ?? 0
  const made = step - (start.fromStep ?? 0)
  const left = made > 0 ? `, about ${durationText(((atMs - start.atMs) / made) * (steps - step))} left` : ''
  const losses = [
    loss === undefined ? '' : `loss ${loss.toFixed(3)}`,
    held === undefined ? '' : `held out ${held.toFixed(3)}`,
  ]
  return `step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')}${left}: ${losses.filter(Boolean).join(', ')}`
}

function readFrom(file: string, at: number): string {
  const length = statSync(file).size - at
  if (length <= 0) return ''
  const buffer = Buffer.alloc(length)
  const handle = openSync(file, 'r')
  try {
    return buffer.subarray(0, readSync(handle, buffer, 0, length, at)).toString('utf8')
  } finally {
    closeSync(handle)
  }
}
