namespace Aspire.Hosting.ApplicationModel;

/// <summary>Texts that stand for what differs between the replicas of a resource until one of them is started.</summary>
internal static class ReplicaTemplate
{
    public const string ServiceName = """{{- index .Annotations "otel-service-name" -}}""";
    public const string InstanceId = """{{- index .Annotations "otel-service-instance-id" -}}""";

    public static string TargetPort(IResource resource, EndpointAnnotation endpoint) =>
        $$$"""{{- portForServing "{{{Service(resource, endpoint)}}}" -}}""";

    /// <summary>A resource with one endpoint gives its service its own name; with several each is named after its endpoint.</summary>
    private static string Service(IResource resource, EndpointAnnotation endpoint) =>
        resource.EndpointAnnotations().Count == 1 ? resource.Name : $"{resource.Name}-{endpoint.Name}";
}
