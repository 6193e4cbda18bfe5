#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-Figure' {
    $calls = @{
        Cmdlet      = 'Export-Figure'
        Prepare     = { Import-Outcar al-strain | Measure-EquationOfState }
        Run         = { param($With, $Place) $Place.Data | Export-Figure $Place.Fresh() @With }
        ByParameter = { param($With, $Place) Export-Figure $Place.Fresh() -InputObject $Place.Data @With }
        Fail        = { param($With) Get-MPStructure Al -Source Bundled | Export-Figure nothing @With }
        FailId      = 'FigureUnknown'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
