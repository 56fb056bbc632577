namespace Aspire.Hosting.Projects;

/// <summary>Not Aspire's: where the build left the program, so that it is started without another build.</summary>
public interface ILocalProjectMetadata : IProjectMetadata
{
    string TargetPath { get; }
}
