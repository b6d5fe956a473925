/**
 * The part of a call's trial that tells repeated samples apart, for models that draw their luck from the conversation: a
 * trajectory's own id must not change it. Anything but a string is the first sample.
 */
export const sampleOf = (trial: unknown): string =>
  typeof trial === 'string' ? ((/(^\d+|\+\d+)$/.exec(trial) ?? [''])[0] ?? '') : ''
