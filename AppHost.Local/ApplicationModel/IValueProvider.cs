namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that exists while the application runs.</summary>
public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that the manifest names, such as <c>{redis.bindings.tcp.host}</c>.</summary>
public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}

public interface IValueWithReferences
{
    IEnumerable<object> References { get; }
}
