import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { InputError } from '../errors.ts'
import { names } from '../registry.ts'
import { steerDefaults } from '../settings.ts'
import { expandSynthesis, resolveSynthesis } from '../training/synthesis/plan.ts'
import { expand, resolvePlan } from './plan.ts'

const small = { methods: ['codesteer', 'only-question'], models: ['simulated/apprentice'], tasks: ['letters'] }

describe('a plan', () => {
  it('has all defaults written out', async () => {
    const plan = await resolvePlan(small)
    expect(plan).toMatchObject({
      name: 'run',
      samples: 1,
      trials: 1,
      seed: 0,
      pool: 'test',
      limits: { concurrency: 4, tokens: null, costUsd: null, timeMs: null, providers: {} },
      askAboveUsd: 5,
    })
    expect(plan.methods[0]).toMatchObject({ label: 'codesteer', coach: 'rules', resolved: steerDefaults })
    expect(plan.tasks[0]).toMatchObject({ slug: 'letters', levels: [1, 2, 3, 4, 5, 6, 7, 8] })
  })

  it('takes settings for all methods, and over them those of one', async () => {
    const methods = ['only-question', { method: 'codesteer', settings: { maxTurns: 2 } }]
    const plan = await resolvePlan({ ...small, methods, settings: { maxTurns: 3, codeTimeoutMs: 1_000 } })
    expect(plan.methods.map(({ resolved }) => [resolved.maxTurns, resolved.codeTimeoutMs])).toEqual([
      [3, 1_000],
      [2, 1_000],
    ])
  })

  it('names ablations by what differs, and refuses two of one name', async () => {
    const methods = ['codesteer', { method: 'codesteer', checkers: [] }, { method: 'codesteer', coach: 'fixed:code' }]
    const plan = await resolvePlan({ ...small, methods })
    expect(plan.methods.map(method => method.label)).toEqual([
      'codesteer',
      'codesteer (checkers none)',
      'codesteer (coach fixed:code)',
    ])
    await expect(resolvePlan({ ...small, methods: ['codesteer', 'codesteer'] })).rejects.toThrow(/two methods/)
  })

  it('knows all, seen and unseen', async () => {
    const [all, seen, unseen] = await Promise.all(
      ['all', 'seen', 'unseen'].map(tasks => resolvePlan({ ...small, tasks, levels: [1] })),
    )
    expect(all!.tasks.map(task => task.slug)).toEqual(names('tasks'))
    expect(seen!.tasks.length + unseen!.tasks.length).toBe(all!.tasks.length)
  })

  it.each<[string, object, RegExp, RegExp]>([
    ['an unknown field', { sample: 3 }, /^unknown field "sample"/, /Did you mean "samples"/],
    [
      'an unknown field of the limits',
      { limits: { concurency: 1 } },
      /^limits: unknown field "concurency"/,
      /"concurrency"/,
    ],
    [
      'an unknown setting of a method',
      { methods: ['only-question', { method: 'codesteer', settings: { maxTurn: 2 } }] },
      /^methods\[1\]\.settings: unknown field "maxTurn"/,
      /"maxTurns"/,
    ],
    ['an unknown method', { methods: ['code-steer'] }, /^methods\[0\]: no method "code-steer"/, /"codesteer"/],
    ['an unknown slug', { tasks: ['letters', 'game24'] }, /^tasks\[1\]: no task "game24"/, /"game-24"/],
    ['an unknown provider', { models: ['opnai/gpt-4o'] }, /^models\[0\]: .*"opnai"/, /"openai"/],
    ['a model without provider', { models: ['openai'] }, /^models\[0\]: "openai" names a provider/, /provider\/model/],
    ['an unknown coach', { methods: [{ method: 'codesteer', coach: 'rulez' }] }, /^methods\[0\]\.coach/, /"rules"/],
    [
      'an unknown checker',
      { methods: [{ method: 'codesteer', checkers: ['self-answers'] }] },
      /^methods\[0\]\.checkers: no checker/,
      /"self-answer"/,
    ],
    ['an unknown sandbox', { sandbox: 'bublewrap' }, /^sandbox: no sandbox/, /"bubblewrap"/],
    [
      'an unknown model of a role',
      { methods: [{ method: 'codesteer', models: { checker: 'opnai/x' } }] },
      /^methods\[0\]\.models\.checker/,
      /"openai"/,
    ],
    ['a level that is not there', { levels: [1, 99] }, /^levels: letters has no level 99/, /1 to 8/],
    ['a wrong type', { samples: 'many' }, /^samples: .*not "many"/, /smoke\.json/],
    ['no samples', { samples: 0 }, /^samples: /, /smoke\.json/],
    ['no methods', { methods: [] }, /^methods: /, /smoke\.json/],
  ])('tells the place of %s, and the nearest', async (_, change, message, mend) => {
    const error = await resolvePlan({ ...small, ...change }).then(
      () => null,
      (thrown: InputError) => thrown,
    )
    expect(error?.kind).toBe('input')
    expect(error?.message).toMatch(message)
    expect(error?.mend).toMatch(mend)
  })

  it.each([null, 3, 'x', [], {}])('that is none (%j) is refused', async raw => {
    await expect(resolvePlan(raw)).rejects.toMatchObject({ kind: 'input' })
  })
})

describe('its items', () => {
  it('are all combinations, each with its own key', async () => {
    const plan = await resolvePlan({ ...small, levels: [1, 2], samples: 3, trials: 2 })
    const items = expand(plan)
    expect(items).toHaveLength(2 * 2 * 3 * 2)
    expect(new Set(items.map(item => item.key)).size).toBe(items.length)
  })

  it('keep their keys when the plan grows, is renamed, or gets other limits', async () => {
    const before = expand(await resolvePlan({ ...small, levels: [1] })).map(item => item.key)
    const grown = {
      name: 'other',
      methods: ['all-code-cot', { method: 'codesteer', label: 'Ours' }, 'only-question'],
      models: ['openai-compatible/x', 'simulated/apprentice'],
      tasks: ['game-24', 'letters'],
      levels: [2, 1],
      samples: 2,
      trials: 2,
      limits: { concurrency: 9, costUsd: 3 },
    }
    const after = new Set(expand(await resolvePlan(grown)).map(item => item.key))
    expect(before.every(key => after.has(key))).toBe(true)
  })

  it('have other keys when anything that matters changes', async () => {
    const keys = async (change: object) =>
      expand(await resolvePlan({ ...small, methods: ['codesteer'], levels: [1], ...change }))[0]!.key
    const all = await Promise.all([
      keys({}),
      keys({ models: ['simulated/apprentice?seed=2'] }),
      keys({ seed: 1 }),
      keys({ pool: 'train' }),
      keys({ settings: { maxTurns: 3 } }),
      keys({ methods: [{ method: 'codesteer', coach: 'fixed:text' }] }),
      keys({ methods: [{ method: 'codesteer', checkers: ['self-answer'] }] }),
      keys({ methods: [{ method: 'codesteer', models: { checker: 'simulated/apprentice?seed=3' } }] }),
    ])
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('the published plans', () => {
  const folder = new URL('../../experiments/', import.meta.url)
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  // trees.json is a plan of synthesis, resolved below.
  const others = ['plan.schema.json', 'trees.json']
  const files = readdirSync(folder).filter(name => name.endsWith('.json') && !others.includes(name))

  it.each(files)('%s resolves, and names its schema', async name => {
    const raw = read(name)
    expect(raw).toMatchObject({ $schema: './plan.schema.json', name: name.replace('.json', '') })
    expect(expand(await resolvePlan(raw)).length).toBeGreaterThan(100)
  })

  it('trees.json resolves as a plan of synthesis', async () => {
    const plan = await resolveSynthesis(read('trees.json'))
    expect(plan.name).toBe('trees')
    expect(expandSynthesis(plan)).toHaveLength(660)
  })

  it('smoke.json is every method on every task', async () => {
    const items = expand(await resolvePlan(read('smoke.json')))
    expect(new Set(items.map(({ method, task }) => `${method} ${task}`)).size).toBe(
      names('methods').length * names('tasks').length,
    )
    expect(items).toHaveLength(370)
  })
})
