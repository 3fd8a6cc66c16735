"""Rows for recipes/sklearn/topics.py."""

from sklearn.decomposition import LatentDirichletAllocation

from .. import Row


def _topics(**options):
    return lambda: LatentDirichletAllocation(2, random_state=0, max_iter=5, **options)


ROWS = [
    Row(
        "LatentDirichletAllocation",
        _topics(),
        data="counts",
        variants={
            "online": _topics(learning_method="online"),
            "doc_topic_prior": _topics(doc_topic_prior=0.9),
            "mean_change_tol": _topics(mean_change_tol=1e-5),
            "max_doc_update_iter": _topics(max_doc_update_iter=3),
        },
    )
]
