import { firstNames } from '../_shared/names.ts'

/** A setting: what is put in order, and how places and comparisons are said. Predicates follow the subject. */
export interface Theme {
  /** `{n}` is the number in words, `{list}` the objects. */
  readonly opening: string
  readonly pool: readonly string[]
  /** What follows the pool's word in the subject; null for persons, who are called by name. */
  readonly noun: string | null
  /** What the order is called, and which way it runs from its first to its last place. */
  readonly row: string
  readonly runs: string
  readonly before: readonly [string, string]
  readonly after: readonly [string, string]
  /** First place and k-th place from the front; the same from the back. `{ord}` is `second`, `third` … */
  readonly front: readonly [string, string]
  readonly back: readonly [string, string]
}

const list = (words: string): readonly string[] => words.split(' ')

const colours = list(
  'red blue green yellow purple orange black white gray brown pink silver golden turquoise violet beige crimson ivory olive maroon teal amber scarlet indigo',
)
const birds = list(
  'quail owl raven falcon crow cardinal robin hummingbird finch sparrow heron magpie starling swallow wren thrush kestrel dove lark nightingale cuckoo kingfisher woodpecker pelican',
)
const fruits = list(
  'plum kiwi cantaloupe pear watermelon apple loquat mango orange peach apricot papaya lemon lime quince cherry grapefruit guava lychee fig nectarine pomegranate melon banana',
)
const stones = list(
  'ruby opal jade topaz amethyst garnet onyx pearl agate beryl zircon quartz turquoise sapphire emerald diamond jasper malachite obsidian spinel tourmaline peridot citrine amber',
)

type Words = Omit<Theme, 'opening' | 'pool' | 'noun'>

const leftRight: Words = {
  row: 'row',
  runs: 'from left to right',
  before: ['is to the left of', 'is further left than'],
  after: ['is to the right of', 'is further right than'],
  front: ['is the leftmost', 'is the {ord} from the left'],
  back: ['is the rightmost', 'is the {ord} from the right'],
}
const newOld: Words = {
  row: 'order of age',
  runs: 'from the newest to the oldest',
  before: ['is newer than', 'was built after'],
  after: ['is older than', 'was built before'],
  front: ['is the newest', 'is the {ord}-newest'],
  back: ['is the oldest', 'is the {ord}-oldest'],
}
const finish: Words = {
  row: 'ranking',
  runs: 'from first to last place, without ties',
  before: ['finished above', 'finished ahead of'],
  after: ['finished below', 'finished behind'],
  front: ['finished first', 'finished {ord}'],
  back: ['finished last', 'finished {ord}-to-last'],
}
const degree = (row: string, more: string, most: string, less: string, least: string): Words => ({
  row,
  runs: `from the ${most} to the ${least}`,
  before: [`is ${more} than`, `turns out ${more} than`],
  after: [`is ${less} than`, `turns out ${less} than`],
  front: [`is the ${most}`, `is the {ord}-${most}`],
  back: [`is the ${least}`, `is the {ord}-${least}`],
})
const inTime = (comes: string, came: string): Words => ({
  row: 'sequence',
  runs: 'from the first to the last',
  before: [`${comes} before`, `${came} earlier than`],
  after: [`${comes} after`, `${came} later than`],
  front: [`${comes} first`, `${comes} {ord}`],
  back: [`${comes} last`, `${comes} {ord}-to-last`],
})

const theme = (opening: string, pool: readonly string[], noun: string | null, words: Words): Theme => ({
  opening,
  pool,
  noun,
  ...words,
})

export const themes: readonly Theme[] = [
  theme('In a golf tournament there were {n} golfers: {list}.', firstNames, null, finish),
  theme('On a branch sit {n} birds side by side: {list}.', birds, '', leftRight),
  theme('At an antique car show {n} cars of different age are on display: {list}.', colours, 'car', newOld),
  theme('On a shelf stand {n} books in one row: {list}.', colours, 'book', leftRight),
  theme(
    'A fruit stand sells {n} kinds of fruit at different prices: {list}.',
    fruits,
    '',
    degree('order of prices', 'more expensive', 'most expensive', 'cheaper', 'cheapest'),
  ),
  theme('In a marathon {n} runners reached the finish: {list}.', firstNames, null, finish),
  theme('At a bakery {n} customers queue one behind the other: {list}.', firstNames, null, {
    row: 'queue',
    runs: 'from the front to the back',
    before: ['stands in front of', 'is nearer to the front than'],
    after: ['stands behind', 'is nearer to the back than'],
    front: ['is at the very front', 'is the {ord} from the front'],
    back: ['is at the very back', 'is the {ord} from the back'],
  }),
  theme(
    'In a family there are {n} cousins of different age: {list}.',
    firstNames,
    null,
    degree('order of age', 'older', 'oldest', 'younger', 'youngest'),
  ),
  theme(
    'A basketball team has {n} players of different height: {list}.',
    firstNames,
    null,
    degree('order of height', 'taller', 'tallest', 'shorter', 'shortest'),
  ),
  theme('In a tower {n} tenants live on different floors, one on each: {list}.', firstNames, null, {
    row: 'tower',
    runs: 'from the top floor down to the bottom floor',
    before: ['lives above', 'lives higher up than'],
    after: ['lives below', 'lives lower down than'],
    front: ['lives at the very top', 'lives on the {ord} floor from the top'],
    back: ['lives at the very bottom', 'lives on the {ord} floor from the bottom'],
  }),
  theme('For an exam {n} students received different marks: {list}.', firstNames, null, {
    ...degree('ranking', 'better', 'best', 'worse', 'worst'),
    before: ['did better than', 'scored higher than'],
    after: ['did worse than', 'scored lower than'],
    front: ['did best', 'did {ord}-best'],
    back: ['did worst', 'did {ord}-worst'],
  }),
  theme('A train has {n} wagons behind its engine: {list}.', colours, 'wagon', {
    row: 'train',
    runs: 'from the engine to the rear',
    before: ['runs ahead of', 'is closer to the engine than'],
    after: ['runs behind', 'is closer to the rear than'],
    front: ['is the foremost', 'is the {ord} from the engine'],
    back: ['is the rearmost', 'is the {ord} from the rear'],
  }),
  theme('Along a straight street stand {n} houses: {list}.', colours, 'house', {
    row: 'street',
    runs: 'from west to east',
    before: ['is west of', 'stands further west than'],
    after: ['is east of', 'stands further east than'],
    front: ['is the westernmost', 'is the {ord} from the west'],
    back: ['is the easternmost', 'is the {ord} from the east'],
  }),
  theme(
    'On a market {n} parcels of different weight are weighed: {list}.',
    colours,
    'parcel',
    degree('order of weight', 'heavier', 'heaviest', 'lighter', 'lightest'),
  ),
  theme(
    'A hiker compares {n} trails of different length: {list}.',
    colours,
    'trail',
    degree('order of length', 'longer', 'longest', 'shorter', 'shortest'),
  ),
  theme('At a conference {n} speakers talk one after the other: {list}.', firstNames, null, inTime('speaks', 'talks')),
  theme(
    'In a harbour {n} boats arrive one after the other: {list}.',
    colours,
    'boat',
    inTime('arrives', 'drops anchor'),
  ),
  theme(
    'A jeweller lists {n} stones of different price: {list}.',
    stones,
    '',
    degree('price list', 'dearer', 'dearest', 'cheaper', 'cheapest'),
  ),
  theme('A playlist holds {n} songs, each named after a bird: {list}.', birds, 'song', inTime('plays', 'is heard')),
  theme('In a cupboard {n} jars stand one on top of the other: {list}.', colours, 'jar', {
    row: 'stack',
    runs: 'from the top to the bottom',
    before: ['is above', 'sits higher than'],
    after: ['is below', 'sits lower than'],
    front: ['is the topmost', 'is the {ord} from the top'],
    back: ['is the bottommost', 'is the {ord} from the bottom'],
  }),
  theme(
    'In a laboratory {n} liquids of different temperature are measured: {list}.',
    colours,
    'liquid',
    degree('order of temperature', 'warmer', 'warmest', 'colder', 'coldest'),
  ),
  theme(
    'A garden holds {n} lanterns of different brightness: {list}.',
    colours,
    'lantern',
    degree('order of brightness', 'brighter', 'brightest', 'dimmer', 'dimmest'),
  ),
  theme(
    'In a talent show {n} singers appeared one after the other: {list}.',
    firstNames,
    null,
    inTime('sang', 'appeared on stage'),
  ),
  theme('In a museum {n} gems lie side by side in a show case: {list}.', stones, '', leftRight),
]
