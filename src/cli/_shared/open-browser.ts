import { spawn } from 'node:child_process'

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  // `start` is a word of the shell's; this does the same without one.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Asks the desktop to open an address; where there is none, nothing happens. */
export function openBrowser(address: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...before] = openers[platform] ?? ['xdg-open']
  const child = spawn(command!, [...before, address], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
