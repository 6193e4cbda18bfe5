namespace AtomProNet.Datasets;

/// <summary>Where a split puts a frame.</summary>
public enum DatasetPart
{
    /// <summary>To be trained on.</summary>
    Train,
    /// <summary>To choose the model by while it is trained.</summary>
    Validation,
    /// <summary>To measure the errors of the finished model on.</summary>
    Test,
    /// <summary>In no part: in the gap between two blocks, or beyond the counts that were asked for.</summary>
    LeftOut,
}

/// <summary>By what a set is split.</summary>
public enum SplitMethod
{
    /// <summary>A group (one parent's strain series, one trajectory) stays in one part, so that neighbours do not stand on both sides.</summary>
    Group,
    /// <summary>Contiguous blocks along strain or time; where a group is cut, frames at the cut are left out.</summary>
    Blocked,
    /// <summary>Frame by frame at random: neighbours stand on both sides.</summary>
    Frame,
    /// <summary>All frames of one reduced formula stay in one part, so that the test is on compositions that were not trained on.</summary>
    Composition,
    /// <summary>Clusters of similar structures stay in one part, so that the test is on structures that were not trained on, whatever their descent.</summary>
    Cluster,
    /// <summary>Frame by frame at random, with each formula's low and high energies in every part in the same proportion.</summary>
    StratifiedEnergy,
    /// <summary>Frame by frame at random, with each config type in every part in the same proportion.</summary>
    StratifiedConfigType,
}
