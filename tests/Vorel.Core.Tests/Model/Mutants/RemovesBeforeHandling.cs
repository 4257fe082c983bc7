namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>An intent is dropped before it is handled.</summary>
internal sealed class RemovesBeforeHandling : Mutant
{
    public override bool RemovesFirst => true;
}
