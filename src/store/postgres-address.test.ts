import { describe, expect, it } from 'vitest'
import { InputError } from '../errors.ts'
import { isPostgresAddress, parsePostgresAddress, runNameOf } from './postgres-address.ts'

describe('an address of a run in PostgreSQL', () => {
  it('is told from a path', () => {
    expect(['postgres://h/d', 'postgresql://h/d', 'POSTGRES://h/d'].every(isPostgresAddress)).toBe(true)
    expect(['a.run', './postgres', 'postgres.run', 'http://h/d'].some(isPostgresAddress)).toBe(false)
  })

  it.each([
    ['postgres://h/d?run=a', 'postgres://h/d'],
    ['postgres://h/d?run=a&sslmode=require', 'postgres://h/d?sslmode=require'],
    ['postgres://h/d?sslmode=require&run=a', 'postgres://h/d?sslmode=require'],
    ['postgres://h/d?x=1&run=a&y=2', 'postgres://h/d?x=1&y=2'],
    ['postgres://me:p%40ss@h:5433/d?run=a', 'postgres://me:p%40ss@h:5433/d'],
    ['postgres://me:pw@/d?host=/run/pg&run=a', 'postgres://me:pw@/d?host=/run/pg'],
  ])('%s: the run is for us, the rest for the driver', (address, connection) => {
    expect(parsePostgresAddress(address)).toMatchObject({ connection, run: 'a' })
  })

  it.each([
    ['postgres://me:secret@h:5433/d?run=a', 'postgres://h:5433/d?run=a'],
    ['postgres://me:secret@/d?host=/run/pg', 'postgres:///d?host=/run/pg'],
    ['postgres://h/d?user=me&password=secret', 'postgres://h/d'],
    ['postgres://me:s%20ecret@h/d?sslkey=/k', 'postgres://h/d'],
  ])('%s is shown without user and password', (address, shown) => {
    expect(parsePostgresAddress(address).shown).toBe(shown)
  })

  it('knows the password in every spelling that a message might repeat', () => {
    expect(parsePostgresAddress('postgres://me:p%40ss@h/d').secrets).toEqual(['p@ss', 'p%40ss'])
    expect(parsePostgresAddress('postgres://h/d?password=secret').secrets).toEqual(['secret'])
    expect(parsePostgresAddress('postgres://h/d').secrets).toEqual([])
  })

  it('takes the run from elsewhere, but not two', () => {
    expect(parsePostgresAddress('postgres://h/d', 'b')).toMatchObject({ run: 'b', shown: 'postgres://h/d?run=b' })
    expect(parsePostgresAddress('postgres://h/d')).toMatchObject({ run: null })
    expect(() => parsePostgresAddress('postgres://h/d?run=a', 'b')).toThrow('names the run "a"')
  })

  it.each(['A', '-a', 'a b', 'a"; DROP', 'ä', 'x'.repeat(41), ''])('refuses the run name "%s"', name => {
    expect(() => parsePostgresAddress('postgres://h/d', name)).toThrow(InputError)
  })

  it('repeats nothing of an address that it cannot read', () => {
    let message = ''
    try {
      parsePostgresAddress('postgres://me:secret@h:port/d')
    } catch (error) {
      message = `${error} ${(error as InputError).mend} ${JSON.stringify(error)}`
    }
    expect(message).toContain('cannot be read')
    expect(message).not.toContain('secret')
  })
})

it('a plan’s name becomes a run’s', () => {
  expect(runNameOf('Table 1 (draft)')).toBe('table-1-draft')
  expect(runNameOf('smoke')).toBe('smoke')
  expect(runNameOf('—')).toBe('run')
  expect(runNameOf(`${'x'.repeat(39)} y`)).toBe('x'.repeat(39))
})
