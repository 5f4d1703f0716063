"""Small faults that can be put into a module: one operator, constant, condition or result changed."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OPPOSITE_CALLS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "minimum": "maximum",
    "maximum": "minimum",
    "floor": "ceil",
}
# Held equal by the code around them, so that a change of it changes nothing; or nothing that runs.
LEFT_OUT_KEYWORDS = frozenset({"strict", "frozen", "kw_only", "slots", "dtype"})
TINY = 1e-6  # a constant below it is a tolerance: 1 is added instead of a quarter of it


@dataclass(frozen=True)
class Mutant:
    """A fault: what the expression reads before and after, and the lines of the statement it stands in."""

    module: str
    line: int
    last_line: int
    at_import: bool  # no function is around it
    kind: str
    before: str
    after: str
    place: int  # among the mutants of its module

    @property
    def name(self) -> str:
        """Return the name by which a mutant is chosen again."""
        return f"{self.module}:{self.line}:{self.place}"


Found = tuple[Mutant, Callable[[], ast.Module]]


def mutants_of(path: Path, module: str) -> list[Found]:
    """Return every mutant of a file, in the order of the source, and how to make its tree."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found: list[Found] = []
    for place, (statement, node, kind, changed) in enumerate(_changes(tree)):
        first, last = _lines(statement)
        outside = not any(one.lineno <= first <= (one.end_lineno or 0) for one in functions)
        mutant = Mutant(module, first, last, outside, kind, _shown(node), _shown(changed), place)
        found.append((mutant, partial(_with, tree, node, changed)))
    return found


def _shown(node: ast.AST) -> str:
    return f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """Return the first and last line of a statement, of one with a body those of its head."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, last)


def _with(tree: ast.Module, node: ast.AST, changed: ast.AST) -> ast.Module:
    """Return a copy of a tree in which one node is another."""
    memo = {id(node): ast.copy_location(changed, node)}
    return ast.fix_missing_locations(copy.deepcopy(tree, memo))


def _changes(tree: ast.Module) -> Iterator[tuple[ast.stmt, ast.AST, str, ast.AST]]:
    for statement, node in _expressions(tree):
        for kind, changed in _changed(node):
            yield statement, node, kind, changed


def _expressions(tree: ast.Module) -> Iterator[tuple[ast.stmt, ast.AST]]:
    """Yield what runs and can be changed, each with the innermost statement around it."""
    waiting: list[tuple[ast.stmt, ast.AST]] = [(child, child) for child in reversed(tree.body)]
    while waiting:
        statement, node = waiting.pop()
        yield statement, node
        children = [child for child in _children(node) if not isinstance(child, ast.JoinedStr)]
        waiting += [
            (child if isinstance(child, ast.stmt) else statement, child) for child in reversed(children)
        ]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node but annotations, decorators and keywords that change nothing."""
    skipped: tuple[object, ...] = ()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        skipped = (*node.decorator_list, getattr(node, "returns", None))
    elif isinstance(node, ast.arg | ast.AnnAssign):
        skipped = (node.annotation,)
    for child in ast.iter_child_nodes(node):
        keyword = isinstance(child, ast.keyword) and child.arg in LEFT_OUT_KEYWORDS
        if not keyword and not any(child is one for one in skipped):
            yield child


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield each change of a node with its kind."""
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _is_text(node):
            yield "arithmetic", ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.Constant():
            yield from _constants(node)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "negation", node.operand
        case ast.BoolOp():
            yield "boolean", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.IfExp():
            yield "condition", ast.IfExp(_negated(node.test), node.body, node.orelse)
        case ast.If():
            yield "condition", ast.If(_negated(node.test), node.body, node.orelse)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "result", ast.Return(ast.Constant(None))
        case ast.Call():
            yield from _calls(node)


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.JoinedStr) or _holds_text(side) for side in (node.left, node.right))


def _holds_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for place, operator in enumerate(node.ops):
        for number, other in enumerate(COMPARISONS[type(operator)]):
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            kind = "comparison" if number or len(COMPARISONS[type(operator)]) == 1 else "boundary"
            yield kind, ast.Compare(node.left, ops, node.comparators)


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value + 1)
    elif isinstance(value, float):
        yield "constant", ast.Constant(value + 1.0 if abs(value) < TINY else value * 1.25)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    called = node.func
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    if name == "abs" and len(node.args) == 1:
        yield "call", node.args[0]
    if name in OPPOSITE_CALLS:
        other = OPPOSITE_CALLS[name]
        func: ast.expr = (
            ast.Name(other, ast.Load())
            if isinstance(called, ast.Name)
            else ast.Attribute(called.value, other, ast.Load())  # type: ignore[attr-defined] # has `attr`
        )
        yield "call", ast.Call(func, node.args, node.keywords)
