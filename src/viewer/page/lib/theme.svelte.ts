/** Colour scheme: the system's unless the reader chose one; the choice is kept. */
export type Theme = 'auto' | 'light' | 'dark'

const key = 'codesteer-theme'
const themes: readonly Theme[] = ['auto', 'light', 'dark']

/** Storage may be refused (a file opened from disk, a private window): then the choice lasts as long as the page. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Nothing is lost but the memory of it.
  }
}

const kept = remembered(key)
let chosen = $state<Theme>(themes.find(theme => theme === kept) ?? 'auto')

export const theme = {
  get chosen() {
    return chosen
  },
  set chosen(next: Theme) {
    chosen = next
    remember(key, next)
    applyTheme()
  },
}

export function applyTheme(): void {
  if (chosen === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}
