from procedures.public.listing import Narrowing, narrowed_list


def first_found(question: str, count: int = 1) -> list[str]:
    return list(narrowed_list(Narrowing(q=question)).values_list("code", flat=True)[:count])
