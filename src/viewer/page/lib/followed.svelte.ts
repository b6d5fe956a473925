import type { Step, TrajectoryDetail } from '../../api.ts'
import { type Source, Unavailable } from './source.ts'

/** What a model is just saying. */
export interface Writing {
  readonly role: string
  readonly text: string
  readonly reasoning: string
}

/**
 * A trajectory, followed while it is being made: its steps as they arrive, and the words of the reply under way. To be
 * called while a component is set up.
 */
export function followed(source: Source, of: () => { readonly run: string; readonly id: string }) {
  let detail = $state.raw<TrajectoryDetail | null>(null)
  let error = $state.raw<Unavailable | null>(null)
  let loading = $state(true)
  let steps = $state.raw<readonly Step[]>([])
  let writing = $state.raw<Writing | null>(null)
  let lost = $state(false)

  function add(step: Step): void {
    if (step.kind === 'reply') writing = null
    if (steps.some(one => one.seq === step.seq)) return
    steps = [...steps, step].toSorted((one, other) => one.seq - other.seq)
  }

  $effect(() => {
    const { run, id } = of()
    const controller = new AbortController()
    let stop = () => {}
    const follow = () => {
      stop = source.listen(
        { trajectory: id },
        message => {
          if (message.type === 'run-changed' || message.type === 'progress' || message.trajectory !== id) return
          if (message.type === 'step') add(message.step)
          else if (message.type === 'delta') writing = joined(writing, message)
          else if (message.type === 'over') {
            detail = message.detail
            steps = message.detail.steps
            writing = null
            stop()
          } else error = new Unavailable(0, message.message, message.mend)
        },
        state => (lost = state === 'lost'),
      )
    }
    source.trajectory(run, id, controller.signal).then(
      got => {
        if (controller.signal.aborted) return
        detail = got
        steps = got.steps
        loading = false
        error = null
        if (!got.over) follow()
      },
      (reason: unknown) => {
        if (controller.signal.aborted) return
        error = reason instanceof Unavailable ? reason : new Unavailable(0, String(reason), 'Load the page again.')
        loading = false
      },
    )
    return () => {
      controller.abort()
      stop()
    }
  })

  return {
    get detail() {
      return detail
    },
    get error() {
      return error
    },
    get loading() {
      return loading
    },
    get steps() {
      return steps
    },
    get writing() {
      return writing
    },
    /** The connection broke; the browser tries again by itself. */
    get lost() {
      return lost
    },
  }
}

interface Delta {
  readonly role: string
  readonly kind: 'text' | 'reasoning'
  readonly text: string
}

function joined(before: Writing | null, { role, kind, text }: Delta): Writing {
  const same = before?.role === role ? before : { role, text: '', reasoning: '' }
  return { ...same, [kind]: same[kind] + text }
}
