using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

/// <summary>The address of a resource as other resources find it: <c>services__{name}__{scheme}__0</c>.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
