using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

public interface IResource
{
    string Name { get; }

    ResourceAnnotationCollection Annotations { get; }
}

public interface IResourceAnnotation;

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

public abstract class Resource : IResource
{
    protected Resource(string name)
    {
        ResourceName.Validate(name);
        Name = name;
    }

    public virtual string Name { get; }

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}
