# label: {"adequate": false, "method": "search"}
def solve(board, row=0):
    if row == len(board):
        return True
    for col in range(len(board)):
        if all(board[r] != col and abs(board[r] - col) != row - r for r in range(row)):
            board[row] = col
            if solve(board, row + 1):
                return True
            board[row] = -1
    return False

def main():
    board = [-1] * 8
    solve(board)
    print(board)
