# label: {"adequate": false, "method": "computation"}
import matplotlib.pyplot as plt
xs = [i / 10 for i in range(100)]
ys = [x ** 2 - 3 * x + 1 for x in xs]
plt.plot(xs, ys)
plt.show()
