import type { Kit } from '../kit.ts'
import type { TrajectoryEvent, TrajectoryStart } from '../trajectory.ts'
import type { LiveMessage, Step, TrajectoryDetail } from './api.ts'
import type { Feed, Frame } from './event-stream.ts'
import { stepOf } from './steps.ts'

type Delta = Parameters<NonNullable<Kit['onDelta']>>[0]

/** A stretch of one model's arriving words. */
interface Writing {
  readonly role: string
  readonly kind: 'text' | 'reasoning'
  text: string
}

/**
 * A trajectory that is being made, for any number of readers who may come at any time. Its steps are kept once; words under
 * way are kept until the step that holds them is there. Each reader has a place in them and nothing else.
 */
export class LiveTrajectory {
  readonly id: string
  readonly run: string
  readonly events: TrajectoryEvent[] = []
  readonly #steps: Promise<Step | null>[] = []
  readonly #readers = new Set<() => void>()
  #writing: Writing[] = []
  #turn = 0
  #ending: { readonly over: Promise<TrajectoryDetail> } | { readonly trouble: LiveMessage } | null = null

  constructor(id: string, run: string) {
    this.id = id
    this.run = run
  }

  get ended(): boolean {
    return this.#ending !== null
  }

  get readers(): number {
    return this.#readers.size
  }

  /** Adds an event. Those of one trajectory are given in their order. */
  event(event: TrajectoryEvent): void {
    this.events.push(event)
    const start = this.events[0] as TrajectoryStart
    if (event.type !== 'trajectory-start' && event.type !== 'trajectory-end') this.#turn = event.turn
    const step = stepOf(event, start, this.#turn)
    // Whoever reads it is told; without a reader nobody needs to be.
    step.catch(() => undefined)
    this.#steps.push(step)
    this.#writing = []
    this.#stir()
  }

  /** Adds words as they arrive. */
  delta({ role, kind, text }: Delta): void {
    const last = this.#writing.at(-1)
    if (last && last.role === role && last.kind === kind) last.text += text
    else this.#writing.push({ role, kind, text })
    this.#stir()
  }

  /** It is over; `detail` is the whole of it. */
  finish(detail: () => Promise<TrajectoryDetail>): void {
    if (this.#ending) return
    const over = detail()
    over.catch(() => undefined)
    this.#ending = { over }
    this.#stir()
  }

  /** It cannot go on. */
  fail(message: string, mend: string): void {
    this.#ending ??= { trouble: { type: 'trouble', trajectory: this.id, message, mend } }
    this.#stir()
  }

  /** All steps that are there by now. */
  async steps(): Promise<Step[]> {
    return (await Promise.all(this.#steps)).filter(step => step !== null)
  }

  #stir(): void {
    for (const callback of [...this.#readers]) callback()
  }

  /** What a reader has to be told who has the steps up to `after` (their `seq`), or none. */
  feed(after = -1): Feed {
    let next = Math.max(0, after + 1)
    // How much of the words under way this reader has, and of which moment they are.
    let had = { writing: this.#writing, stretch: 0, characters: 0 }
    let ended = false
    const words = (): Frame | null => {
      if (had.writing !== this.#writing) had = { writing: this.#writing, stretch: 0, characters: 0 }
      for (; had.stretch < this.#writing.length; had.stretch++, had.characters = 0) {
        const { role, kind, text } = this.#writing[had.stretch]!
        if (text.length === had.characters) {
          if (had.stretch === this.#writing.length - 1) return null
          continue
        }
        const data: LiveMessage = { type: 'delta', trajectory: this.id, role, kind, text: text.slice(had.characters) }
        had.characters = text.length
        return { data }
      }
      return null
    }
    return {
      take: async () => {
        while (next < this.#steps.length) {
          const step = await this.#steps[next++]!
          if (step) return { id: step.seq, data: { type: 'step', trajectory: this.id, step } satisfies LiveMessage }
        }
        if (!this.#ending) return words()
        if (ended) return 'end'
        ended = true
        if ('trouble' in this.#ending) return { data: this.#ending.trouble }
        const detail = await this.#ending.over
        return { data: { type: 'over', trajectory: this.id, detail } satisfies LiveMessage }
      },
      onMore: callback => {
        this.#readers.add(callback)
        return () => void this.#readers.delete(callback)
      },
    }
  }
}
