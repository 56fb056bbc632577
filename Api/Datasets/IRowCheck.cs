using Platform.Core.Models.Datasets;

namespace Platform.Api.Datasets;

/// <summary>Looks at a file while it arrives.</summary>
internal interface IRowCheck
{
    long Rows { get; }

    /// <exception cref="DatasetException">The file is not what it should be.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The file ended here.</summary>
    /// <exception cref="DatasetException">Something is missing.</exception>
    void Complete();
}
