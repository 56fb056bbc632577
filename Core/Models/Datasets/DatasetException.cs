namespace Platform.Core.Models.Datasets;

/// <summary>A dataset is not what it should be; the message says where and why.</summary>
public sealed class DatasetException(string message) : Exception(message);
