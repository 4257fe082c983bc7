using System.Text.Json;
using Vorel.Core.Crm;

namespace Vorel.Core.Tests.Crm;

public sealed class CrmNamesTests
{
    [Fact]
    public void Spells_every_error_code_in_snake_case() =>
        Assert.All(Enum.GetValues<CrmErrorCode>(), code => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()), code.Wire()));

    [Fact]
    public void Spells_every_object_type_in_snake_case() =>
        Assert.All(Enum.GetValues<CrmObject>(), type => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString()), type.Wire()));

    [Fact]
    public void Knows_no_others()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((CrmErrorCode)999).Wire());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((CrmObject)999).Wire());
    }
}
