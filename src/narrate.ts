import { isFinish } from './coach.ts'
import type { Kit } from './kit.ts'
import { outcomeWords } from './run-words.ts'
import type { CheckEvent, CodeRunEvent, GuidanceEvent, ModelCallEvent, TrajectoryEvent } from './trajectory.ts'

/** `full`: with the replies as they arrive; `brief`: decisions, runs and checks only. */
export type Telling = 'full' | 'brief'

/** Tells a steering as running text, for the place where clients show a model's thinking. */
export interface Narrator {
  /** What an event adds; empty when it adds nothing. */
  event(event: TrajectoryEvent): string
  /** What arriving text adds. */
  delta(delta: Parameters<NonNullable<Kit['onDelta']>>[0]): string
}

type Delta = Parameters<Narrator['delta']>[0]

const outputShown = 2_000

/** A new narrator for one trajectory. A reply that was told as it arrived is not told again when its event comes. */
export function narrator(telling: Telling): Narrator {
  let begun = false
  let arrived = false
  const paragraph = (text: string) => {
    const space = begun ? '\n\n' : ''
    begun = true
    return space + text
  }
  const tell = (event: TrajectoryEvent): string => {
    switch (event.type) {
      case 'guidance':
        return paragraph(guidanceWords(event))
      case 'model-call':
        return replyWords(event)
      case 'code-run':
        return event.purpose === 'check' ? '' : paragraph(runWords(event))
      case 'check':
        return paragraph(checkWords(event))
      case 'trajectory-end':
        return event.reason === 'returned' || event.reason === 'terminated'
          ? ''
          : paragraph(`Stopped: ${event.reason}.`)
      default:
        return ''
    }
  }
  function replyWords({ role, completion }: ModelCallEvent): string {
    if (role !== 'task' || telling === 'brief') return ''
    const told = arrived
    arrived = false
    return told || completion.text === '' ? '' : paragraph(completion.text)
  }
  return {
    event: tell,
    delta({ role, text }: Delta) {
      if (role !== 'task' || telling === 'brief' || text === '') return ''
      const first = !arrived
      arrived = true
      return first ? paragraph(text) : text
    },
  }
}

function guidanceWords({ guidance, turn }: GuidanceEvent): string {
  if (!isFinish(guidance)) return `[turn ${turn}: ${guidance.action}] ${guidance.reason}`
  return `[${guidance.action === 'return' ? 'return the answer' : 'give up'}] ${guidance.reason}`
}

function runWords({ result }: CodeRunEvent): string {
  const said = (result.stdout || result.stderr).trimEnd()
  const cut = said.length > outputShown ? `${said.slice(0, outputShown)} …` : said
  return `[program] ${outcomeWords(result)}${cut === '' ? '' : `\n${cut}`}`
}

function checkWords({ checker, report }: CheckEvent): string {
  return `[${checker}: ${report.outcome}] ${report.told.split('\n')[0] ?? ''}`
}
