namespace Platform.Core.Batching;

/// <summary>Whether requests for a version may share a run, or why not.</summary>
public enum BatchSafety
{
    Safe,

    /// <summary>Not every input and output begins with one and the same free dimension.</summary>
    NoBatchDimension,

    /// <summary>It was loaded without warm-up, so nothing is known.</summary>
    NotChecked,

    /// <summary>It did not run on random inputs of one item.</summary>
    FailsOnSamples,

    /// <summary>It runs one item and fails on several.</summary>
    FailsAboveOne,

    /// <summary>Items give other outputs in company than alone.</summary>
    OutputsDiffer,

    /// <summary>One item takes longer than the whole check may.</summary>
    TooSlow,
}
