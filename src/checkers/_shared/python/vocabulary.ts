/** Functions that only dress a value up. `int("42")` is the same number in other clothes. */
export const dressing = new Set(
  'print str repr list tuple dict enumerate zip iter next format bool int float reversed ascii type id map json.dumps pprint.pformat textwrap.dedent fractions.Fraction decimal.Decimal collections.OrderedDict collections.deque collections.namedtuple copy.copy copy.deepcopy'.split(
    ' ',
  ),
)
export const dressingMethods = new Set(
  'join format items keys values strip rstrip lstrip title capitalize copy ljust rjust center zfill splitlines split encode decode format_map tolist as_integer_ratio'.split(
    ' ',
  ),
)
export const storing = new Set(
  'append add insert extend appendleft extendleft update setdefault [] put push () write'.split(' '),
)

export const verdictWords =
  /^f?["'](<<<)?\s*(yes|no|true|false|possible|impossible|valid|invalid|equal|not equal|not possible|none|no solution|solvable|unsolvable|win|lose|draw|even|odd|prime|not prime|correct|incorrect|[a-e])\s*[.!]?(>>>)?["']$/i
export const numeric = new Set(
  'sum max min abs round pow divmod ord hash math.factorial math.gcd math.sqrt .count .index .find'.split(' '),
)
export const listing = new Set('list tuple enumerate zip reversed collections.deque'.split(' '))
