import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { producedDocs } from '../tools/produced-docs.ts'

describe('produced documents', async () => {
  const pages = await producedDocs()
  it.each([...pages])('%s is up to date (npm run docs)', (path, content) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(content)
  })
})
