import { z } from 'zod'
import { InputError } from '../../errors.ts'
import { nearest } from '../../util/nearest.ts'

const probability = z.coerce.number().min(0).max(1)

/** How able the simulated apprentice is; every number is a probability unless it says otherwise. */
export const competenceSchema = z.strictObject({
  /** Draws all its luck; another seed is another apprentice. */
  seed: z.coerce.number().int().min(0).default(0),
  /** Right answers in words, for the shortest questions; falls with the length of the question. */
  text: probability.default(0.75),
  /** First programs that take a shortcut. */
  lazy: probability.default(0.75),
  /** Full programs where guidance asks for search, constraints or a mend. */
  heeds: probability.default(0.95),
  /** Programs broken by a syntax error, an endless loop, or a forgotten answer marker: each as likely. */
  slips: probability.default(0.05),
  /** Checking programs that really test. */
  checks: probability.default(0.92),
  /** Milliseconds before it answers. */
  latencyMs: z.coerce.number().int().min(0).max(600_000).default(0),
})

export type Competence = z.infer<typeof competenceSchema>

/** Reads `apprentice` or `apprentice?text=0.4&seed=3`. Throws InputError naming the unknown or bad setting. */
export function readCompetence(model: string): Competence {
  const [name, query = ''] = model.split('?', 2)
  if (name !== 'apprentice') {
    throw new InputError(
      `no simulated model "${name}"`,
      'There is one: simulated/apprentice, with settings such as simulated/apprentice?text=0.4&seed=3',
    )
  }
  const given = Object.fromEntries(new URLSearchParams(query))
  const known = Object.keys(competenceSchema.shape)
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue
    const near = nearest(key, known)
    throw new InputError(
      `the simulated apprentice has no setting "${key}"`,
      `${near ? `Did you mean "${near}"? ` : ''}Settings: ${known.join(', ')}`,
    )
  }
  const parsed = competenceSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InputError(
    `simulated/apprentice: ${issue?.path.join('.')}: ${issue?.message}`,
    'Probabilities lie between 0 and 1, for example simulated/apprentice?text=0.4',
  )
}
