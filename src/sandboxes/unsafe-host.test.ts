import { describe, expect, it } from 'vitest'
import unsafeHost, { probeUnsafeHost } from './unsafe-host.ts'

describe('unsafe-host', () => {
  it('is available only to who has allowed it, and says so', async () => {
    expect(await probeUnsafeHost({})).toMatchObject({ mend: expect.stringContaining('CODESTEER_ALLOW_UNSAFE=1') })
    expect(await probeUnsafeHost({ CODESTEER_ALLOW_UNSAFE: 'yes' })).toMatchObject({ available: false })
    expect(await probeUnsafeHost({ CODESTEER_ALLOW_UNSAFE: '1' })).toMatchObject({ available: true })
  })

  it('does not open without that, is never chosen unasked, and tells that it isolates nothing', async () => {
    if (process.env.CODESTEER_ALLOW_UNSAFE !== '1') await expect(unsafeHost.open()).rejects.toThrow('not available')
    expect(unsafeHost.preference).toBeNull()
    expect(unsafeHost.isolates.files).toContain('nothing')
  })
})
