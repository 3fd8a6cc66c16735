"""The models whose packages the tests of the runtime read, damage and prove."""

ZOO = ("kmeans", "pca", "standard", "min_max", "core", "votes", "weighted", "half")


def zoo_model(name, rows):
    """(fitted model, options of ``export``) for each name in ``ZOO``."""
    from sklearn.cluster import DBSCAN, KMeans
    from sklearn.decomposition import PCA
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    import beyondlabels as bl

    kmeans = KMeans(3, n_init=3, random_state=0)
    if name == "core":
        scaler = StandardScaler().fit(rows)
        scaled = scaler.transform(rows[::6])
        return make_pipeline(scaler, bl.assess(DBSCAN(1.0).fit(scaled)).substitutes[0].fit(scaled)), {}
    labels = kmeans.fit_predict(StandardScaler().fit_transform(rows))
    if name in ("votes", "weighted"):
        weights = "uniform" if name == "votes" else "distance"
        # few rows: the tests of the proof change every stored value once
        return make_pipeline(StandardScaler(), KNeighborsClassifier(3, weights=weights)).fit(rows[::9], labels[::9]), {}
    models = {
        "kmeans": make_pipeline(StandardScaler(), kmeans),
        "pca": PCA(3, whiten=True),
        "standard": StandardScaler(),
        "min_max": MinMaxScaler((-1, 2), clip=True),
        "half": make_pipeline(StandardScaler(), PCA(3)),
    }
    return models[name].fit(rows), {"precision": "float16"} if name == "half" else {}
