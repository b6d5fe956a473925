import type { Coach, CoachKind, Guidance } from '../coach.ts'
import { agreement, confidenceOf } from '../fold.ts'
import { notices, runFailed } from '../loop-safety.ts'
import { fill, prompts } from '../prompts/prompts.ts'
import { errorLine } from '../run-words.ts'
import type { Trajectory, Turn } from '../trajectory.ts'
import { choiceByFeatures } from './_shared/features.ts'
import { finish, tell } from './_shared/guidance.ts'
import { codeProbability, type OpenRouter, openRouter } from './_shared/router-file.ts'

/**
 * A coach without a model. First choice by features of the question, or by a trained router that was named and is sure;
 * later by what the checkers found, whether turns agree, and whether the loop is stuck. Every decision carries its reason.
 */
const rules = (name: string, firstChoice: (question: string) => Guidance): Coach => ({
  name,
  models: [],
  async *guide(soFar): AsyncGenerator<never, Guidance> {
    const last = soFar.turns.at(-1)
    // By the bare question: what an earlier message asked for says little about the way this one needs.
    return last ? next(soFar, last) : firstChoice(soFar.start.question.prompt)
  },
})

const kind: CoachKind = {
  name: 'rules',
  about: 'embedded rules, no second model: features of the question (or a trained router), checkers, agreement',
  argument: 'router file',
  argumentOptional: true,
  async open(argument) {
    if (argument === null) return rules('rules', first)
    const open = openRouter(argument)
    // With its hash, so that a record says which router decided and a replay does not use another.
    return rules(`rules:${open.path}#${open.hash}`, question => firstByRouter(question, open))
  },
}

export default kind

function first(question: string): Guidance {
  const { way, because } = choiceByFeatures(question)
  return tell(way, wayPrompt(way), `${way} first: ${because}`)
}

const wayPrompt = (way: 'text' | 'code') => (way === 'code' ? prompts['task-code'] : prompts['task-text'])

function next(soFar: Trajectory, last: Turn): Guidance {
  return mendProgram(soFar, last) ?? mendAnswer(last) ?? weigh(soFar, last)
}

/** The router's choice where it is sure enough, the rules' where it is not; the reason says which. */
function firstByRouter(question: string, { router }: OpenRouter): Guidance {
  const code = codeProbability(router, question)
  const way = code >= 0.5 ? 'code' : 'text'
  const percent = `${Math.round(100 * Math.max(code, 1 - code))} %`
  const from = `trained on ${router.trained.counts.decisive} ${router.trained.simulated ? 'simulated answers' : 'answers'}`
  if (Math.max(code, 1 - code) < router.threshold) {
    const byRules = first(question)
    return { ...byRules, reason: `${byRules.reason} (the router, ${from}, is unsure: ${percent} for ${way})` }
  }
  return tell(way, wayPrompt(way), `${way} first: the router, ${from}, is ${percent} sure`)
}

/** The program did not come to an end of its own: say what to change, and change the way when that has been said before. */
function mendProgram(soFar: Trajectory, last: Turn): Guidance | null {
  const run = last.run
  if (run === null || !runFailed(last)) return null
  const stuck = notices(soFar)
  const failures = soFar.turns.filter(runFailed).length
  if (failures >= 3) {
    const reason = `${failures} programs failed`
    return soFar.turns.some(turn => turn.guidance.action === 'text')
      ? tell('code', prompts['rules-other-method'], reason)
      : tell('text', fill('rules-switch-to-text', { reason }), `${reason}: try words`)
  }
  if (stuck.some(notice => notice.kind === 'repeated-code')) {
    return tell('code', prompts['rules-other-method'], 'the failing program was repeated unchanged')
  }
  switch (run.outcome) {
    case 'timed-out':
      return tell(
        'code',
        fill('rules-too-slow', { seconds: String(Math.round(run.tookMs / 1000)) }),
        'the program was too slow',
      )
    case 'out-of-memory':
      return tell('code', prompts['rules-too-big'], 'the program ran out of memory')
    case 'output-limit':
      return tell('code', prompts['rules-output-flood'], 'the program printed too much')
    default: {
      const error = errorLine(run.stderr) || `exit code ${run.exitCode}`
      return tell('code', fill('rules-fix-crash', { error }), `the program crashed: ${error}`)
    }
  }
}

/** There is no answer to weigh: ask for it. */
function mendAnswer(last: Turn): Guidance | null {
  if (last.answer !== null) return null
  if (last.source !== null) return tell('code', prompts['rules-no-answer-code'], 'the program printed no marked answer')
  if (last.guidance.action === 'code') {
    return tell('code', prompts['task-code'], 'a program was asked for and none was written')
  }
  return tell('text', prompts['rules-no-answer-text'], 'the reply states no marked answer')
}

function weigh(soFar: Trajectory, last: Turn): Guidance {
  const confidence = confidenceOf(last)
  if (confidence === 2) return finish('return', 'a checking program confirmed the answer')
  const symbolic = last.checks.find(check => check.checker === 'symbolic-code')?.report
  const shallow = symbolic?.outcome === 'failed' ? (symbolic.told.split('\n')[0] ?? '').slice(0, 200) : null
  const agreeing = agreement(last, soFar.turns)
  if (confidence === 1 && agreeing >= 2 && !shallow) return finish('return', `${agreeing} turns agree on this answer`)
  if (agreeing >= 3) return finish('return', `${agreeing} turns insist on this answer`)
  const reason = last.checks.find(check => check.checker === 'self-answer')?.report.told ?? 'no check was made'
  if (last.source === null) {
    return confidence === 0
      ? tell('code', fill('rules-switch-to-code', { reason }), 'the text answer failed its check: switch to code')
      : tell('code', prompts['rules-confirm-by-code'], 'the text answer is unchecked: confirm it by code')
  }
  if (notices(soFar).some(notice => notice.kind === 'repeated-code')) {
    const codeTurns = soFar.turns.filter(turn => turn.source !== null).length
    return codeTurns >= 3 && !soFar.turns.some(turn => turn.guidance.action === 'text')
      ? tell(
          'text',
          fill('rules-switch-to-text', { reason: 'the same program came again' }),
          'the same program came again: try words',
        )
      : tell('code', prompts['rules-other-method'], 'the same program came again')
  }
  if (shallow)
    return tell('code', fill('rules-need-search', { finding: shallow }), `the program is too simple: ${shallow}`)
  if (confidence === 0) return tell('code', fill('rules-wrong', { reason }), 'a check found the answer wrong')
  return finish('return', 'the program is sound and nothing speaks against its answer')
}
