import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import docker, { containerArguments } from './docker.ts'

/*
 * A stand-in `docker`: notes each command line, answers `version` and `image inspect`, and plays `run` by feeding its
 * stdin to the local python3 with the arguments behind the image name. It isolates nothing; it shows that our side
 * speaks the client's language.
 */
const standIn = `#!/bin/sh
echo "$*" | head -c 400 | tr '\\n' ' ' >> "$HOME/calls"; echo >> "$HOME/calls"
case "$1" in
  version) [ -e "$HOME/down" ] && { echo "Cannot connect to the Docker daemon" >&2; exit 1; }; echo 99.9 ;;
  image) [ -e "$HOME/no-image" ] && exit 1; echo sha256:0 ;;
  kill) [ -s "$HOME/pid" ] || { echo "No such container" >&2; exit 1; }; kill -9 "$(cat "$HOME/pid")" ;;
  run) [ -e "$HOME/refuse" ] && { echo "docker: bad mount" >&2; exit 125; }
    while [ "$1" != "the-image" ]; do shift; done; shift
    cd "$HOME"; rm -f pid; exec 3<&0
    setsid sh -c 'echo $$ > pid; exec "$@"' sh "$@" <&3 & wait $! ;;
esac
`
const kept = { PATH: process.env.PATH, HOME: process.env.HOME }
let home = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'codesteer-docker-'))
  await writeFile(join(home, 'docker'), standIn)
  await chmod(join(home, 'docker'), 0o755)
  Object.assign(process.env, { PATH: `${home}:/usr/bin:/bin`, HOME: home, CODESTEER_DOCKER_IMAGE: 'the-image' })
})
afterAll(async () => {
  Object.assign(process.env, kept)
  delete process.env.CODESTEER_DOCKER_IMAGE
  await rm(home, { recursive: true })
})
beforeEach(async () => {
  for (const name of ['calls', 'down', 'no-image', 'refuse']) await rm(join(home, name), { force: true })
})

const limits = { timeoutMs: 1000, memoryBytes: 2 ** 28, outputBytes: 1000 }

describe('containerArguments', () => {
  it('asks for every wall', () => {
    const line = containerArguments('c1', 'img', limits).join(' ')
    for (const part of [
      '--rm --interactive --name c1',
      '--network none --read-only --cap-drop ALL --security-opt no-new-privileges',
      '--pids-limit 64 --memory 268435456 --memory-swap 268435456',
      '--user 65534:65534',
      '--tmpfs /tmp:rw,nosuid,nodev,size=64m',
      '--pull never',
    ]) {
      expect(line).toContain(part)
    }
    expect(line).not.toMatch(/--volume|-v |--mount|--privileged/)
  })
})

describe('docker', () => {
  it('says what is missing', async () => {
    await writeFile(join(home, 'down'), '')
    const answer = await docker.probe()
    expect(answer).toMatchObject({
      available: false,
      why: expect.stringContaining('Cannot connect to the Docker daemon'),
    })
    await rm(join(home, 'down'))
    await writeFile(join(home, 'no-image'), '')
    expect(await docker.probe()).toMatchObject({ mend: expect.stringContaining('docker pull the-image') })
  })

  it('sends the program and its input, and reads the result', async () => {
    expect(await docker.probe()).toEqual({ available: true, version: 'docker 99.9, image the-image' })
    const sandbox = await docker.open({ parallel: 1 })
    const result = await sandbox.run({ source: 'import sys\nprint(input() + "é")\nsys.exit(3)', stdin: 'in\n' })
    expect(result).toMatchObject({ outcome: 'finished', exitCode: 3, stdout: 'iné\n', droppedBytes: 0 })
    await sandbox.close()
  })

  it('kills the container, not only the client, at the limit and on abort', async () => {
    const sandbox = await docker.open({ parallel: 1 })
    const late = await sandbox.run({ source: 'while True: pass', timeoutMs: 700 })
    expect(late).toMatchObject({ outcome: 'timed-out', exitCode: null })
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 300)
    await expect(sandbox.run({ source: 'while True: pass', signal: stop.signal })).rejects.toThrow('enough')
    const calls = await readFile(join(home, 'calls'), 'utf8')
    const started = [...calls.matchAll(/--name (codesteer-[\w-]+)/g)].map(match => match[1])
    const killed = [...calls.matchAll(/^kill (codesteer-[\w-]+)/gm)].map(match => match[1])
    expect(started).toHaveLength(2)
    expect(new Set(killed)).toEqual(new Set(started))
    const pid = Number(await readFile(join(home, 'pid'), 'utf8'))
    // Killed; an init that takes its time may not have reaped it yet.
    const state = () => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone')
    await expect.poll(state).toMatch(/gone|\) Z /)
    await sandbox.close()
  })

  it('calls a kill that was not ours out of memory, and the engine’s failure our own', async () => {
    const sandbox = await docker.open({ parallel: 1 })
    const killed = await sandbox.run({ source: 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)' })
    expect(killed).toMatchObject({ outcome: 'out-of-memory', exitCode: null })
    await writeFile(join(home, 'refuse'), '')
    await expect(sandbox.run({ source: '1' })).rejects.toThrow('docker: bad mount')
    await sandbox.close()
  })
})
