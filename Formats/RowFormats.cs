namespace Platform.Formats;

/// <summary>Names of the formats, as <see cref="Core.Jobs.JobFormats"/> lists them.</summary>
public static class RowFormats
{
    /// <summary>JSON Lines: a JSON object a line.</summary>
    public const string Jsonl = "jsonl";

    public const string Csv = "csv";

    public const string Parquet = "parquet";

    /// <summary>MNIST's file of images; read only.</summary>
    public const string Idx = "idx";
}
