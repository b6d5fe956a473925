import type { Rng } from '../../util/rng.ts'
import { template } from '../_shared/template.ts'

/** Draws a number of about this many digits: 1 + so many digits are the "awkward" ones. */
export type Size = { readonly digits: number; readonly rng: Rng }

/** A beginning of a story. Slots `{a}`, `{b}`, … are the numbers in order, `{Who}` a first name, `{What}` a thing. */
export interface Situation {
  readonly name: string
  readonly text: string
  /** The question, where nothing else happens. */
  readonly goal: string
  /** What is counted in the end, in the plural. */
  readonly unit: string
  readonly things?: readonly string[]
  /** Numbers for which the story makes sense: nothing negative, everything that is counted whole. */
  draw(size: Size): readonly bigint[]
  value(numbers: readonly bigint[]): bigint
}

export const names =
  'Amara Bruno Chidi Dalia Edda Farid Greta Hugo Ines Jonas Kaito Leila Mirek Nadia Oskar Priya Quentin Rosa Sefa Tomas Uma Viktor Wanda Ximena Yusuf Zofia'.split(
    ' ',
  )

const big = ({ rng, digits }: Size) => rng.bigint(10n ** BigInt(digits - 1), 10n ** BigInt(digits) - 1n)
/** A smaller number: half as many digits. */
const middle = ({ rng, digits }: Size) => big({ rng, digits: Math.max(1, Math.ceil(digits / 2)) }) + 1n
const small = ({ rng }: Size, from = 2, to = 12) => BigInt(rng.int(from, to))
const percent = ({ rng }: Size) =>
  BigInt(rng.pick([4, 5, 8, 12, 15, 16, 18, 24, 25, 35, 36, 45, 48, 55, 64, 65, 72, 85]))
const below = (n: bigint, { rng }: Size) => (n <= 1n ? 0n : rng.bigint(1n, n - 1n))
/** The smallest factor that makes `percent` of a multiple of it whole. */
const whole = (percentage: bigint) =>
  [1n, 2n, 4n, 5n, 10n, 20n, 25n, 50n].find(n => (n * percentage) % 100n === 0n) ?? 100n

/** Two dozen and a few beginnings, each with its own course of reasoning. */
export const situations: readonly Situation[] = [
  {
    name: 'printer',
    text: 'A press prints {a} {What} per minute and runs for {b} minutes. Then {c} of the {What} turn out to be spoiled, and the good ones are packed into tubes of {d}, leaving none over.',
    goal: 'How many tubes are filled?',
    unit: 'tubes',
    things: ['posters', 'maps', 'charts', 'banners', 'calendars'],
    draw(size) {
      const [a, b, d] = [big(size), middle(size), small(size)]
      return [a, b, ((a * b) % d) + d * below((a * b) / d, size), d]
    },
    value: ([a, b, c, d]) => (a! * b! - c!) / d!,
  },
  {
    name: 'wages',
    text: '{Who} earns {a} dollars a day during {b} days and then {c} dollars a day during {d} more days. Out of this {e} dollars go to the landlord; the rest is saved.',
    goal: 'How many dollars does {Who} save?',
    unit: 'dollars',
    draw(size) {
      const [a, b, c, d] = [big(size), small(size, 3, 40), big(size), small(size, 3, 40)]
      return [a, b, c, d, below(a * b + c * d, size)]
    },
    value: ([a, b, c, d, e]) => a! * b! + c! * d! - e!,
  },
  {
    name: 'bakery',
    text: 'In the morning a bakery takes {a} trays with {b} {What} each out of its ovens. Before noon {c}% of all {What} are sold, and after noon another {d}. What is left goes to a food bank.',
    goal: 'How many pieces go to the food bank?',
    unit: 'pieces',
    things: ['rolls', 'buns', 'pretzels', 'muffins', 'bagels'],
    draw(size) {
      const [c, a] = [percent(size), big(size)]
      const b = whole(c) * small(size, 1, 9)
      return [a, b, c, below((a * b * (100n - c)) / 100n, size)]
    },
    value: ([a, b, c, d]) => (a! * b! * (100n - c!)) / 100n - d!,
  },
  {
    name: 'fence',
    text: 'A rectangular {What} is {a} metres long and {b} metres wide. A fence is put all the way around it at {c} dollars per metre, and one gate is added for {d} dollars on top.',
    goal: 'How many dollars do the fence and the gate cost together?',
    unit: 'dollars',
    things: ['meadow', 'vineyard', 'orchard', 'paddock', 'plot'],
    draw: size => [big(size), big(size), small(size, 3, 60), middle(size)],
    value: ([a, b, c, d]) => 2n * (a! + b!) * c! + d!,
  },
  {
    name: 'reservoir',
    text: 'A reservoir already holds {a} litres of water. One pump brings in {b} litres per minute and another {c} litres per minute, while a crack lets {d} litres per minute escape. Pumps and crack are at work for {e} minutes.',
    goal: 'How many litres does the reservoir hold then?',
    unit: 'litres',
    draw(size) {
      const [b, c] = [middle(size), middle(size)]
      return [big(size), b, c, below(b + c, size), small(size, 20, 600)]
    },
    value: ([a, b, c, d, e]) => a! + (b! + c! - d!) * e!,
  },
  {
    name: 'library',
    text: 'A library owns {a} novels. It owns {b} times as many biographies as novels, and {c} fewer atlases than biographies.',
    goal: 'How many books does the library own in all?',
    unit: 'books',
    draw(size) {
      const [a, b] = [big(size), small(size)]
      return [a, b, below(a * b, size)]
    },
    value: ([a, b, c]) => a! + a! * b! + (a! * b! - c!),
  },
  {
    name: 'theatre',
    text: 'A {What} sells {a} tickets to adults at {b} dollars each and {c} tickets to children at {d} dollars each. The owner of the hall keeps {e}% of the takings; the {What} keeps the rest.',
    goal: 'How many dollars does the {What} keep?',
    unit: 'dollars',
    things: ['circus', 'choir', 'theatre', 'band', 'ballet'],
    draw(size) {
      const e = percent(size)
      const w = whole(e)
      return [big(size), w * small(size, 1, 9), big(size), w * small(size, 1, 5), e]
    },
    value: ([a, b, c, d, e]) => ((a! * b! + c! * d!) * (100n - e!)) / 100n,
  },
  {
    name: 'work-back',
    text: '{Who} had some money. First half of it was spent on a boat, then {a} dollars on paint, and then one third of what remained was given to a sister. After all this {b} dollars were left.',
    goal: 'How many dollars did {Who} have at first?',
    unit: 'dollars',
    draw: size => [big(size), 2n * big(size)],
    value: ([a, b]) => 2n * ((b! * 3n) / 2n + a!),
  },
  {
    name: 'average',
    text: 'Over {a} days a kiosk sold {b} cups of {What} a day on average. Over the first {c} of these days the average was {d} cups a day.',
    goal: 'How many cups were sold on the remaining days?',
    unit: 'cups',
    things: ['tea', 'coffee', 'cocoa', 'lemonade', 'soup'],
    draw(size) {
      const [a, b] = [small(size, 12, 90), big(size)]
      const c = small(size, 3, Number(a) - 2)
      return [a, b, c, below((a * b) / c, size)]
    },
    value: ([a, b, c, d]) => a! * b! - c! * d!,
  },
  {
    name: 'train',
    text: 'A freight train runs {a} hours at {b} kilometres per hour and {c} hours at {d} kilometres per hour. On every kilometre it burns {e} litres of fuel, and at the end {f} litres more are burnt while it stands idle.',
    goal: 'How many litres of fuel are burnt in all?',
    unit: 'litres',
    draw: size => [small(size, 2, 40), middle(size), small(size, 2, 40), middle(size), small(size, 2, 9), big(size)],
    value: ([a, b, c, d, e, f]) => (a! * b! + c! * d!) * e! + f!,
  },
  {
    name: 'orchard',
    text: 'An orchard has {a} rows of {b} {What} trees. Every tree bears {c} kilograms of fruit. The family keeps {d} kilograms of the whole crop and sells the rest at {e} dollars per kilogram.',
    goal: 'How many dollars does the family get?',
    unit: 'dollars',
    things: ['apple', 'pear', 'plum', 'cherry', 'fig'],
    draw(size) {
      const [a, b, c] = [middle(size), middle(size), small(size, 11, 80)]
      return [a, b, c, below(a * b * c, size), small(size, 2, 9)]
    },
    value: ([a, b, c, d, e]) => (a! * b! * c! - d!) * e!,
  },
  {
    name: 'overtime',
    text: '{Who} is paid {a} dollars for each of the first {b} hours of a month, and for every further hour {c} dollars more than for those. This month {Who} worked {d} hours.',
    goal: 'How many dollars does {Who} get for this month?',
    unit: 'dollars',
    draw(size) {
      const b = small(size, 80, 160)
      return [big(size), b, middle(size), b + small(size, 5, 70)]
    },
    value: ([a, b, c, d]) => a! * d! + c! * (d! - b!),
  },
  {
    name: 'telephone',
    text: 'A company has {a} offices. Every office pays a fee of {b} dollars a month and {c} dollars for each of its {d} calls a month. This goes on for {e} months.',
    goal: 'How many dollars do all offices pay in that time?',
    unit: 'dollars',
    draw: size => [small(size, 3, 90), big(size), small(size, 2, 9), middle(size), small(size, 3, 30)],
    value: ([a, b, c, d, e]) => a! * e! * (b! + c! * d!),
  },
  {
    name: 'mixture',
    text: 'For a large batch, {What} and gravel are mixed in the ratio {a} to {b} by weight. The whole batch weighs {c} kilograms. A kilogram of {What} costs {d} dollars, and the gravel is free.',
    goal: 'How many dollars does the {What} in the batch cost?',
    unit: 'dollars',
    things: ['cement', 'clay', 'lime', 'sand', 'gypsum'],
    draw(size) {
      const [a, b] = [small(size, 2, 19), small(size, 2, 19)]
      return [a, b, (a + b) * big(size), small(size, 2, 40)]
    },
    value: ([a, b, c, d]) => (c! / (a! + b!)) * a! * d!,
  },
  {
    name: 'discount',
    text: 'A school orders {a} {What} at {b} dollars apiece. The seller takes {c}% off the whole bill and then adds {d} dollars for delivery.',
    goal: 'How many dollars does the school pay?',
    unit: 'dollars',
    things: ['chairs', 'desks', 'lamps', 'shelves', 'globes'],
    draw(size) {
      const c = percent(size)
      return [big(size), whole(c) * small(size, 1, 40), c, middle(size)]
    },
    value: ([a, b, c, d]) => (a! * b! * (100n - c!)) / 100n + d!,
  },
  {
    name: 'interest',
    text: 'A fund starts with {a} dollars. Every year it is credited {b}% of the starting sum, without interest on interest, for {c} years in all. Then {d} dollars of tax are taken from it.',
    goal: 'How many dollars are in the fund then?',
    unit: 'dollars',
    draw(size) {
      const [b, c] = [small(size, 2, 9), small(size, 3, 25)]
      const a = 100n * big(size)
      return [a, b, c, below(a, size)]
    },
    value: ([a, b, c, d]) => a! + (a! * b! * c!) / 100n - d!,
  },
  {
    name: 'buses',
    text: 'For a festival {a} visitors have to be carried in {What}. Each of the {What} takes at most {b} visitors, as few {What} as possible are hired, and hiring one costs {c} dollars.',
    goal: 'How many dollars does the hiring cost?',
    unit: 'dollars',
    things: ['buses', 'boats', 'trams', 'coaches', 'vans'],
    draw: size => [big({ ...size, digits: size.digits + 1 }), small(size, 7, 90), middle(size)],
    value: ([a, b, c]) => ((a! + b! - 1n) / b!) * c!,
  },
  {
    name: 'leftovers',
    text: '{Who} deals {a} {What} out equally to {b} children, each child getting as many as possible, and keeps those that cannot be dealt out. After that every child gives {c} {What} back to {Who}.',
    goal: 'How many pieces does {Who} hold then?',
    unit: 'pieces',
    things: ['marbles', 'stickers', 'beads', 'shells', 'coins'],
    draw(size) {
      const [a, b] = [big({ ...size, digits: size.digits + 2 }), middle(size) + 1n]
      return [a, b, a / b / small(size, 2, 5)]
    },
    value: ([a, b, c]) => (a! % b!) + b! * c!,
  },
  {
    name: 'contest',
    text: 'In a contest the northern team has {a} members who win {b} vouchers each. The southern team has {c} members fewer, and each of them wins {d} vouchers.',
    goal: 'How many vouchers do the two teams win together?',
    unit: 'vouchers',
    draw(size) {
      const a = big(size)
      return [a, small(size, 2, 90), below(a, size), middle(size)]
    },
    value: ([a, b, c, d]) => a! * b! + (a! - c!) * d!,
  },
  {
    name: 'eggs',
    text: 'A farm delivers {a} crates of {b} dozen {What} each. The shop pays {c} cents for each single egg.',
    goal: 'How many dollars does the shop pay?',
    unit: 'dollars',
    things: ['eggs'],
    draw: size => [big(size), small(size, 3, 60), 25n * small(size, 1, 9)],
    value: ([a, b, c]) => (12n * a! * b! * c!) / 100n,
  },
  {
    name: 'chapters',
    text: 'A clerk has {a} pages to copy. On Monday {Who} copies {b} of them, on Tuesday twice as many as on Monday, and on Wednesday {c} fewer than on Tuesday.',
    goal: 'How many pages are still to be copied?',
    unit: 'pages',
    draw(size) {
      const b = big(size)
      const c = below(2n * b, size)
      return [5n * b - c + big(size), b, c]
    },
    value: ([a, b, c]) => a! - (b! + 2n * b! + (2n * b! - c!)),
  },
  {
    name: 'machines',
    text: 'A workshop has {a} equal machines, each of which turns out {b} {What} per minute. They all run for {c} hours and {d} minutes, and {e} of the {What} are rejected.',
    goal: 'How many good pieces are there?',
    unit: 'pieces',
    things: ['screws', 'bolts', 'valves', 'gears', 'springs'],
    draw(size) {
      const [a, b, c, d] = [small(size, 2, 60), big(size), small(size, 2, 30), small(size, 5, 55)]
      return [a, b, c, d, below(a * b, size)]
    },
    value: ([a, b, c, d, e]) => a! * b! * (60n * c! + d!) - e!,
  },
  {
    name: 'group-price',
    text: 'A museum asks {a} dollars from each single visitor. A company with {b} employees may buy one group ticket for {c} dollars plus {d} dollars per employee instead.',
    goal: 'How many dollars does the company save with the group ticket if all its employees go?',
    unit: 'dollars',
    draw(size) {
      const [d, b] = [small(size, 2, 30), big(size)]
      const a = d + small(size, 2, 40)
      return [a, b, below((a - d) * b, size), d]
    },
    value: ([a, b, c, d]) => a! * b! - (c! + d! * b!),
  },
  {
    name: 'collections',
    text: '{Who} owns {a} stamps. A brother owns {b} more than twice that number, and a cousin owns as many as both of them together less {c}.',
    goal: 'How many stamps do the three own together?',
    unit: 'stamps',
    draw(size) {
      const [a, b] = [big(size), big(size)]
      return [a, b, below(3n * a + b, size)]
    },
    value: ([a, b, c]) => 2n * (3n * a! + b!) - c!,
  },
  {
    name: 'posts',
    text: 'Along one side of a straight road of {a} metres a post is set every {b} metres, with a post at the very beginning and at the very end. One post costs {c} dollars, and painting all of them costs {d} dollars in total.',
    goal: 'How many dollars do the posts and the painting cost together?',
    unit: 'dollars',
    draw(size) {
      const b = small(size, 3, 60)
      return [b * big(size), b, small(size, 11, 90), middle(size)]
    },
    value: ([a, b, c, d]) => (a! / b! + 1n) * c! + d!,
  },
  {
    name: 'old-price',
    text: 'After its price rose by {a}%, one {What} costs {b} dollars. Before the rise {Who} had bought {c} of these at the old price.',
    goal: 'How many dollars did {Who} pay?',
    unit: 'dollars',
    things: ['tractor', 'piano', 'printer', 'drone', 'kiln'],
    draw(size) {
      const a = percent(size)
      return [a, (big(size) * 100n * (100n + a)) / 100n, small(size, 2, 90)]
    },
    value: ([a, b, c]) => ((b! * 100n) / (100n + a!)) * c!,
  },
]

export const goalTemplates = new Map(situations.map(situation => [situation.name, template(situation.goal)]))
export const situationTemplates = new Map(situations.map(situation => [situation.name, template(situation.text)]))
export const situationOf = new Map(situations.map(situation => [situation.name, situation]))
