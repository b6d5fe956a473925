// The API reference says what the docstrings say, and every exported function, class and type has one.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { apiDocs } from '../tools/typescript/api-docs.ts'

describe('the API reference', async () => {
  const { pages, problems } = await apiDocs()

  it('leaves nothing undocumented, and refers to nothing that is not exported', () => {
    expect(problems).toEqual([])
  })

  it.each([...pages])('%s is up to date (npm run docs)', (path, content) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(content)
  })

  it('has an entry for each export, on one page for each entry point', () => {
    const [library, provider] = [...pages.values()]
    expect([...pages.keys()]).toEqual(['docs/api/codesteer.md', 'docs/api/ai-sdk.md'])
    for (const name of [
      'createCodeSteer()',
      'steer()',
      'openSandbox()',
      'CodeSteerError',
      'Trajectory',
      'steerDefaults',
    ])
      expect(library).toContain(`\n### ${name}\n`)
    expect(provider).toContain('\n### codesteer()\n')
  })
})
