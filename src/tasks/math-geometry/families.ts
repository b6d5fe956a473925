import type { Rng } from '../../util/rng.ts'
import type { Family } from '../_shared/families.ts'
import { gcd } from '../_shared/rational.ts'
import { pi, rootOf, type Surd, surd, surdApply } from '../_shared/surd.ts'

const plus = (a: Surd, b: Surd) => surdApply('+', a, b)!
const minus = (a: Surd, b: Surd) => surdApply('-', a, b)!
const times = (a: Surd, b: Surd) => surdApply('*', a, b)!
const over = (a: Surd, b: Surd) => surdApply('/', a, b)!
const n = (num: bigint, den = 1n) => surd(num, den)
/** The square root of num / den; throws a RangeError where there is none, as in a triangle that cannot be. */
function root(num: bigint, den = 1n): Surd {
  const sign = den < 0n ? -1n : 1n
  const found = num * sign < 0n ? null : rootOf({ num: num * sign, den: den * sign })
  if (found === null) throw new RangeError('no such figure')
  return found
}
const timesPi = (num: bigint, den = 1n) => times(n(num, den), pi)
const abs = (x: bigint) => (x < 0n ? -x : x)

/** The largest length at each size. */
const span = (size: number) => [10, 14, 20, 32, 50, 90, 160, 300][size - 1]!
const length = (rng: Rng, size: number) => rng.int(2, span(size))
const coordinate = (rng: Rng, size: number) => rng.int(-span(size), span(size))

/** Sixteen times the squared area of a triangle. */
const heron = (a: bigint, b: bigint, c: bigint) => (a + b + c) * (-a + b + c) * (a - b + c) * (a + b - c)
const area = (a: bigint, b: bigint, c: bigint) => times(root(heron(a, b, c)), n(1n, 4n))

/** Sides of a triangle that is neither flat nor equilateral. */
function sides(rng: Rng, size: number): [number, number, number] {
  const [a, b] = [length(rng, size) + 1, length(rng, size) + 1]
  const c = rng.int(Math.abs(a - b) + 1, a + b - 1)
  return a === b && b === c ? [a, b, a === 1 ? 1 : c - 1] : [a, b, c]
}

/** Corners of a polygon in order around their middle, no two in the same direction from there. */
function corners(rng: Rng, size: number, count: number): number[] {
  for (;;) {
    const points = Array.from({ length: count }, () => [coordinate(rng, size), coordinate(rng, size)] as const)
    const x = points.reduce((sum, point) => sum + point[0], 0)
    const y = points.reduce((sum, point) => sum + point[1], 0)
    const angles = points.map(point => Math.atan2(count * point[1] - y, count * point[0] - x))
    const order = [...angles.keys()].sort((i, j) => angles[i]! - angles[j]!)
    const gaps = order.map((i, k) => {
      const next = angles[order[(k + 1) % count]!]!
      return (next - angles[i]! + 2 * Math.PI) % (2 * Math.PI)
    })
    if (gaps.every(gap => gap > 0.05 && gap < 3.1)) return order.flatMap(i => points[i]!)
  }
}

function shoelace(xy: readonly bigint[]): bigint {
  let double = 0n
  for (let i = 0; i < xy.length; i += 2) {
    const next = (i + 2) % xy.length
    double += xy[i]! * xy[next + 1]! - xy[next]! * xy[i + 1]!
  }
  return abs(double)
}

/** Twice the sine of an angle in degrees; twice the cosine of 60 and 120. */
const doubleSine: Readonly<Record<string, Surd>> = {
  30: n(1n),
  45: root(2n),
  60: root(3n),
  90: n(2n),
  120: root(3n),
  135: root(2n),
  150: n(1n),
}

/** Area of a regular polygon of 3, 4 or 6 sides of length s. */
const regular = (count: bigint, s: bigint) =>
  count === 4n ? n(s * s) : times(n(count === 3n ? s * s : 6n * s * s, 4n), root(3n))

/** Triangles. */
const triangles: readonly Family[] = [
  {
    name: 'heron',
    symmetric: true,
    texts: ['The sides of a triangle have the lengths {a}, {b} and {c}. What is its area?'],
    draw: sides,
    value: ([a, b, c]) => area(a!, b!, c!),
  },
  {
    name: 'inradius',
    symmetric: true,
    texts: ['What is the radius of the circle inscribed in a triangle with the side lengths {a}, {b} and {c}?'],
    draw: sides,
    value: ([a, b, c]) => over(area(a!, b!, c!), n(a! + b! + c!, 2n)),
  },
  {
    name: 'circumradius',
    symmetric: true,
    texts: [
      'What is the radius of the circle through the three corners of a triangle with the side lengths {a}, {b} and {c}?',
    ],
    draw: sides,
    value: ([a, b, c]) => over(n(a! * b! * c!, 4n), area(a!, b!, c!)),
  },
  {
    name: 'third-side',
    texts: [
      'Two sides of a triangle have the lengths {a} and {b}, and the angle between them measures {c} degrees. How long is the third side?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size), rng.pick([60, 90, 120])],
    value: ([a, b, c]) => root(a! * a! + b! * b! + (c === 60n ? -a! * b! : c === 120n ? a! * b! : 0n)),
  },
  {
    name: 'two-sides-area',
    texts: [
      'Two sides of a triangle have the lengths {a} and {b}, and the angle between them measures {c} degrees. What is the area of the triangle?',
      'Two neighbouring sides of a triangular field are {a} and {b} units long and meet at an angle of {c} degrees. How large is the field, in square units?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size), rng.pick([30, 45, 60, 120, 135, 150])],
    value: ([a, b, c]) => {
      const sine = doubleSine[String(c)]
      if (sine === undefined) throw new RangeError('no such angle')
      return times(n(a! * b!, 4n), sine)
    },
  },
  {
    name: 'bisector',
    texts: [
      'In triangle ABC the side AB has length {a}, AC has length {b} and BC has length {c}. The bisector of the angle at A meets BC in D. How long is AD?',
    ],
    draw: sides,
    value: ([a, b, c]) => root(a! * b! * ((a! + b!) ** 2n - c! * c!), (a! + b!) ** 2n),
  },
  {
    name: 'median',
    texts: [
      'In triangle ABC the side AB has length {a}, AC has length {b} and BC has length {c}. M is the midpoint of BC. How long is AM?',
    ],
    draw: sides,
    value: ([a, b, c]) => root(2n * a! * a! + 2n * b! * b! - c! * c!, 4n),
  },
  {
    name: 'altitude',
    symmetric: true,
    texts: [
      'The legs of a right triangle have the lengths {a} and {b}. How far is the corner with the right angle from the hypotenuse?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size)],
    value: ([a, b]) => over(n(a! * b!), root(a! * a! + b! * b!)),
  },
  {
    name: 'parallel-cut',
    texts: [
      'Triangle ABC has the area {a}. The point D on the side AB divides it so that AD : DB = {b} : {c}. The line through D parallel to BC meets AC in E. What is the area of the quadrilateral DBCE?',
    ],
    draw: (rng, size) => [rng.int(5, 20 * span(size)), rng.int(1, 12), rng.int(1, 12)],
    value: ([a, b, c]) => n(a! * ((b! + c!) ** 2n - b! * b!), (b! + c!) ** 2n),
  },
]

/** Points, lines and polygons in the plane. */
const plane: readonly Family[] = [
  {
    name: 'polygon-area',
    texts: [
      'A quadrilateral has the corners ({a}, {b}), ({c}, {d}), ({e}, {f}) and ({g}, {h}), in this order along its boundary. What is its area?',
    ],
    draw: (rng, size) => corners(rng, size, 4),
    value: xy => n(shoelace(xy), 2n),
  },
  {
    name: 'pentagon-area',
    texts: [
      'The corners of a pentagon, in order along its boundary, are ({a}, {b}), ({c}, {d}), ({e}, {f}), ({g}, {h}) and ({i}, {j}). What is its area?',
    ],
    draw: (rng, size) => corners(rng, size, 5),
    value: xy => n(shoelace(xy), 2n),
  },
  {
    name: 'points-inside',
    texts: [
      'How many points with two whole coordinates lie strictly inside the triangle with the corners ({a}, {b}), ({c}, {d}) and ({e}, {f})? Points on the sides do not count.',
    ],
    draw: (rng, size) => corners(rng, size, 3),
    value(xy) {
      const edge = (i: number, j: number) => gcd(xy[i]! - xy[j]!, xy[i + 1]! - xy[j + 1]!)
      return n((shoelace(xy) - edge(0, 2) - edge(2, 4) - edge(4, 0) + 2n) / 2n)
    },
  },
  {
    name: 'point-line',
    texts: ['How far is the point ({a}, {b}) from the line with the equation {c}x + {d}y = {e}?'],
    draw: (rng, size) => [
      coordinate(rng, size),
      coordinate(rng, size),
      rng.int(2, 12),
      rng.int(2, 12),
      coordinate(rng, size),
    ],
    value: ([a, b, c, d, e]) => over(n(abs(c! * a! + d! * b! - e!)), root(c! * c! + d! * d!)),
  },
  {
    name: 'moves',
    texts: [
      'The point ({a}, {b}) is rotated by 90 degrees counterclockwise about the point ({c}, {d}); the image is reflected in the line y = x; that image is moved by {e} units to the right and {f} units up. How far is the final image from the origin?',
    ],
    draw: (rng, size) => [
      ...[0, 1, 2, 3].map(() => coordinate(rng, size)),
      rng.int(1, span(size)),
      rng.int(1, span(size)),
    ],
    value([a, b, c, d, e, f]) {
      const [x, y] = [c! - (b! - d!), d! + (a! - c!)]
      return root((y + e!) ** 2n + (x + f!) ** 2n)
    },
  },
  {
    name: 'tetrahedron',
    texts: [
      'A tetrahedron has one corner at the origin of space and the others at ({a}, {b}, {c}), ({d}, {e}, {f}) and ({g}, {h}, {i}). What is its volume?',
    ],
    draw: (rng, size) => Array.from({ length: 9 }, () => coordinate(rng, size)),
    value: ([a, b, c, d, e, f, g, h, i]) =>
      n(abs(a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!)), 6n),
  },
  {
    name: 'trapezoid',
    texts: [
      'The two parallel sides of a trapezoid have the lengths {a} and {b}, the other two sides {c} and {d}. What is its area?',
    ],
    draw(rng, size) {
      const [gap, c, d] = sides(rng, size)
      const b = length(rng, size)
      return [b + gap, b, c, d]
    },
    value: ([a, b, c, d]) => times(area(a! - b!, c!, d!), n(a! + b!, a! - b!)),
  },
]

/** Circles. */
const circles: readonly Family[] = [
  {
    name: 'outside-incircle',
    texts: [
      'A regular polygon with {a} sides has the side length {b}. What is the area of the region inside the polygon and outside its inscribed circle?',
    ],
    draw: (rng, size) => [rng.pick([3, 4, 6]), rng.int(2, 5 * span(size))],
    value([a, b]) {
      const square = a === 3n ? [1n, 12n] : a === 4n ? [1n, 4n] : a === 6n ? [3n, 4n] : null
      if (square === null) throw new RangeError('no such polygon')
      return minus(regular(a!, b!), timesPi(b! * b! * square[0]!, square[1]!))
    },
  },
  {
    name: 'inside-circumcircle',
    texts: [
      'A circle passes through all corners of a regular polygon with {a} sides of length {b}. What is the area of the region inside the circle and outside the polygon?',
    ],
    draw: (rng, size) => [rng.pick([3, 4, 6]), rng.int(2, 5 * span(size))],
    value([a, b]) {
      const part = a === 3n ? 3n : a === 4n ? 2n : a === 6n ? 1n : null
      if (part === null) throw new RangeError('no such polygon')
      return minus(timesPi(b! * b!, part), regular(a!, b!))
    },
  },
  {
    name: 'segment',
    texts: [
      'A circle has the radius {a}. A chord is seen from the centre under an angle of {b} degrees. What is the area of the smaller of the two pieces into which the chord cuts the disc?',
    ],
    draw: (rng, size) => [rng.int(2, 5 * span(size)), rng.pick([30, 45, 60, 90, 120, 135, 150])],
    value([a, b]) {
      const sine = doubleSine[String(b)]
      if (sine === undefined) throw new RangeError('no such angle')
      return minus(timesPi(a! * a! * b!, 360n), times(n(a! * a!, 4n), sine))
    },
  },
  {
    name: 'tangent-chord',
    texts: [
      'Two circles have the same centre. A chord of the larger circle has the length {a} and touches the smaller circle, whose radius is {b}. What is the sum of the areas of the two discs?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size)],
    value: ([a, b]) => timesPi(8n * b! * b! + a! * a!, 4n),
  },
  {
    name: 'chord',
    texts: ['In a circle of radius {a}, a chord has the distance {b} from the centre. How long is the chord?'],
    draw(rng, size) {
      const b = length(rng, size)
      return [b + rng.int(1, span(size)), b]
    },
    value: ([a, b]) => times(n(2n), root(a! * a! - b! * b!)),
  },
  {
    name: 'outer-tangent',
    texts: [
      'Two circles have the radii {a} and {b}, and their centres are {c} apart. A straight line touches both circles and leaves both on the same side. How far apart are the two points where it touches them?',
    ],
    draw(rng, size) {
      const [a, b] = [length(rng, size), length(rng, size)]
      return [a, b, a + b + rng.int(1, span(size))]
    },
    value: ([a, b, c]) => root(c! * c! - (a! - b!) ** 2n),
  },
  {
    name: 'inner-tangent',
    texts: [
      'Two wheels have the radii {a} and {b}; their axles are {c} apart. A crossed belt runs in a straight line from one wheel to the other, passing between the axles. How long is this straight piece between the points where it touches the wheels?',
    ],
    draw(rng, size) {
      const [a, b] = [length(rng, size), length(rng, size)]
      return [a, b, a + b + rng.int(1, span(size))]
    },
    value: ([a, b, c]) => root(c! * c! - (a! + b!) ** 2n),
  },
  {
    name: 'crossing-chords',
    texts: [
      'Two chords AB and CD of a circle cross at the point P. The distances are AP = {a}, PB = {b} and CP = {c}. How long is the whole chord CD?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size), length(rng, size)],
    value: ([a, b, c]) => n(c! * c! + a! * b!, c!),
  },
  {
    name: 'tangent-secant',
    texts: [
      'From a point P outside a circle, a line meets the circle first in A and then in B, with PA = {a} and AB = {b}. Another line through P touches the circle in T. How long is PT?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size)],
    value: ([a, b]) => root(a! * (a! + b!)),
  },
  {
    name: 'arcs',
    texts: [
      'The points A, B, C and D lie on a circle in this order, and the arcs AB, BC, CD and DA have lengths in the ratio {a} : {b} : {c} : {d}. The chords AC and BD cross in X. How many degrees does the angle AXB measure?',
    ],
    draw: (rng, size) => [0, 1, 2, 3].map(() => rng.int(1, span(size))),
    value: ([a, b, c, d]) => n(180n * (a! + c!), a! + b! + c! + d!),
  },
  {
    name: 'cyclic-quadrilateral',
    texts: [
      'The corners of a quadrilateral lie on one circle; its sides, in order, have the lengths {a}, {b}, {c} and {d}. What is its area?',
    ],
    draw(rng, size) {
      const [a, b, c] = [length(rng, size) + 1, length(rng, size) + 1, length(rng, size) + 1]
      const most = a + b + c - 1
      const least = Math.max(1, 2 * Math.max(a, b, c) - a - b - c + 1)
      return [a, b, c, rng.int(least, Math.min(most, least + span(size)))]
    },
    value: ([a, b, c, d]) =>
      times(root((-a! + b! + c! + d!) * (a! - b! + c! + d!) * (a! + b! - c! + d!) * (a! + b! + c! - d!)), n(1n, 4n)),
  },
]

/** Solids. */
const solids: readonly Family[] = [
  {
    name: 'cone',
    texts: [
      'A right circular cone has a base of radius {a} and the height {b}. What is its total surface area, base included?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size)],
    value: ([a, b]) => times(pi, plus(n(a! * a!), times(n(a!), root(a! * a! + b! * b!)))),
  },
  {
    name: 'frustum',
    texts: [
      'From a right circular cone, a plane parallel to the base has cut off the tip. The remaining piece has circular faces of radius {a} and {b} and the height {c}. What is its volume?',
    ],
    draw: (rng, size) => {
      const b = length(rng, size)
      return [b + rng.int(1, span(size)), b, length(rng, size)]
    },
    value: ([a, b, c]) => timesPi(c! * (a! * a! + a! * b! + b! * b!), 3n),
  },
  {
    name: 'box-in-sphere',
    symmetric: true,
    texts: ['All corners of a box with the edges {a}, {b} and {c} lie on a sphere. What is the volume of the ball?'],
    draw: (rng, size) => [length(rng, size), length(rng, size), length(rng, size)],
    value([a, b, c]) {
      const square = a! * a! + b! * b! + c! * c!
      return times(times(pi, n(square, 6n)), root(square))
    },
  },
  {
    name: 'pyramid',
    texts: [
      'A pyramid has a square base with sides of length {a}; its tip is straight above the centre of the base, at the height {b}. What is its total surface area, base included?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size)],
    value: ([a, b]) => plus(n(a! * a!), times(n(a!), root(4n * b! * b! + a! * a!))),
  },
  {
    name: 'cylinder-in-sphere',
    texts: [
      'A right circular cylinder of height {b} stands inside a sphere of radius {a}, and both its rims lie on the sphere. What is the volume of the cylinder?',
    ],
    draw(rng, size) {
      const a = length(rng, size) + 1
      return [a, rng.int(1, 2 * a - 1)]
    },
    value([a, b]) {
      if (b! >= 2n * a!) throw new RangeError('no such figure')
      return timesPi(b! * (4n * a! * a! - b! * b!), 4n)
    },
  },
  {
    name: 'spider',
    symmetric: true,
    texts: [
      'A closed box has the edges {a}, {b} and {c}. A spider sits in one corner and walks on the surface of the box to the corner farthest from it in space. How long is the shortest way?',
    ],
    draw: (rng, size) => [length(rng, size), length(rng, size), length(rng, size)],
    value([a, b, c]) {
      const ways = [(a! + b!) ** 2n + c! * c!, (a! + c!) ** 2n + b! * b!, (b! + c!) ** 2n + a! * a!]
      ways.sort((x, y) => (x < y ? -1 : 1))
      return root(ways[0]!)
    },
  },
]

export const families: readonly Family[] = [...triangles, ...plane, ...circles, ...solids]
