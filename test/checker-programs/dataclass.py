# label: {"adequate": true, "method": "computation"}
from dataclasses import dataclass
@dataclass
class Item:
    name: str
    price: int
    qty: int
    def total(self):
        return self.price * self.qty
items = [Item("pen", 3, 12), Item("book", 25, 2), Item("bag", 60, 1)]
print(sum(i.total() for i in items), max(items, key=Item.total).name)
