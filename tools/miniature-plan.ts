import type { Size } from './miniature-sizes.ts'

/** The plan that compares all ten methods, and the rules coach beside the trained one, on the models of a study. */
export function studyPlan(models: { readonly task: string; readonly coach: string }, size: Size): unknown {
  const { tasks } = size
  const seen = typeof tasks === 'string' ? { all: 'seen', short: 'seen' }[tasks] : tasks
  const coach = `tuned:${models.coach}`
  return {
    name: 'miniature',
    about: 'All ten methods on the miniature models: held-out questions of the tasks they learned, and unseen tasks.',
    methods: [
      { method: 'codesteer', label: 'codesteer', coach },
      { method: 'codesteer', label: 'codesteer (rules coach)', coach: 'rules' },
      { method: 'symbolic-agent', label: 'symbolic-agent' },
      { method: 'code-text-choice', label: 'code-text-choice', coach },
      { method: 'code-interpreter', label: 'code-interpreter' },
      { method: 'code-text-sum-1', label: 'code-text-sum-1' },
      { method: 'code-text-sum-2', label: 'code-text-sum-2', models: { summariser: models.coach } },
      { method: 'autogen-conca', label: 'autogen-conca' },
      { method: 'all-code-cot', label: 'all-code-cot' },
      { method: 'all-text-cot', label: 'all-text-cot' },
      { method: 'only-question', label: 'only-question' },
    ],
    models: [models.task],
    tasks: typeof seen === 'string' ? 'all' : [...seen, ...size.run.unseen],
    levels: size.run.levels,
    samples: size.run.samples,
    seed: 0,
    pool: 'test',
    settings: { maxTurns: 3, maxOutputTokens: 400, codeTimeoutMs: 5_000, selfAnswerAttempts: 1 },
    limits: { concurrency: 2 },
  }
}
