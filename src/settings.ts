/**
 * How a loop behaves, complete and recorded with every trajectory. `steerDefaults` is what we recommend; `published`
 * is the system of the paper as its code behaves (docs/published-settings.md holds the differences and why).
 */
export interface SteerSettings {
  readonly profile: string
  /** Answers asked of the task model at most; at the limit the best one is returned. */
  readonly maxTurns: number
  /** Whether the answer of the last allowed turn is still run and checked. */
  readonly checkLastTurn: boolean
  /** Whether the task model's own history shows it the output of its programs. */
  readonly showOutputToTaskModel: boolean
  /** Which block of a reply with several Python blocks is run. */
  readonly block: 'first' | 'last'
  /** `tolerant` finds every fence a model is likely to write; `published` only the one form the paper's code finds. */
  readonly fences: 'tolerant' | 'published'
  /** `best`: the best verified answer so far; `last`: the last reply's. */
  readonly finalAnswer: 'best' | 'last'
  /** Notice repeated code, void turns and repeated failure, and tell the coach. */
  readonly loopSafety: boolean
  /** Which score the symbolic checker warns by: the sound one, or the published one at its threshold (<= 2). */
  readonly symbolicScore: 'sound' | 'legacy'
  /** Independent checking programs per answer; the majority counts. */
  readonly selfAnswerVotes: number
  /** Tries to get a checking program that runs. */
  readonly selfAnswerAttempts: number
  readonly codeTimeoutMs: number
  readonly codeMemoryBytes: number
  /** Execution output shown to models is cut to this many tokens, head and tail. */
  readonly outputTokens: number
  readonly temperature: number
  readonly coachTemperature: number
  readonly maxOutputTokens: number
  /** Limits of the whole trajectory; null is none. Reaching one is a named stop reason. */
  readonly limits: {
    readonly tokens: number | null
    readonly costUsd: number | null
    readonly timeMs: number | null
  }
}

/** What is recommended: five turns, each run and checked, the best answer returned. */
export const steerDefaults: SteerSettings = {
  profile: 'default',
  maxTurns: 5,
  checkLastTurn: true,
  showOutputToTaskModel: true,
  block: 'last',
  fences: 'tolerant',
  finalAnswer: 'best',
  loopSafety: true,
  symbolicScore: 'sound',
  selfAnswerVotes: 1,
  selfAnswerAttempts: 2,
  codeTimeoutMs: 30_000,
  codeMemoryBytes: 512 * 2 ** 20,
  outputTokens: 1_000,
  temperature: 0,
  coachTemperature: 0,
  maxOutputTokens: 8_000,
  limits: { tokens: null, costUsd: null, timeMs: null },
}

/** The published system as its code behaves: six answers, the sixth neither run nor checked, raw history, 10 s, <= 2. */
export const published: SteerSettings = {
  ...steerDefaults,
  profile: 'published',
  maxTurns: 6,
  checkLastTurn: false,
  showOutputToTaskModel: false,
  block: 'first',
  fences: 'published',
  finalAnswer: 'last',
  loopSafety: false,
  symbolicScore: 'legacy',
  selfAnswerAttempts: 3,
  codeTimeoutMs: 10_000,
  outputTokens: 2_000,
  maxOutputTokens: 2_000,
}

/** The settings a user can name. */
export const profiles: Readonly<Record<string, SteerSettings>> = { default: steerDefaults, published }
