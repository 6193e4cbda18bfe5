#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-Structure' {
    $calls = @{
        Cmdlet         = 'Export-Structure'
        Prepare        = {
            Get-MPStructure Al -Source Bundled
            Set-Content taken.vasp -Value mine
        }
        Run            = { param($With, $Place) $Place.Data[0] | Export-Structure "$($Place.Fresh()).vasp" -PassThru @With }
        ByParameter    = { param($With, $Place) Export-Structure "$($Place.Fresh()).vasp" -Structure $Place.Data[0] -PassThru @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data[0] } | Export-Structure "$($Place.Fresh()).vasp" -PassThru @With }
        Fail           = { param($With, $Place) $Place.Data[0] | Export-Structure taken.vasp @With }
        FailId         = 'FileExists'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'leaves a file alone that is there, and replaces it with -Force' {
        $path = Join-Path $TestDrive 'one.vasp'
        Set-Content $path mine
        $structure = Get-MPStructure Al -Source Bundled
        { $structure | Export-Structure $path -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Get-Content $path | Should -Be 'mine'
        $structure | Export-Structure $path -Force
        (Import-Structure $path).ContentHash | Should -Be $structure.ContentHash
    }

    It 'writes no name that Windows reserves, nor dots and blanks at the end' {
        $folder = Join-Path $TestDrive 'names'
        $structure = Get-MPStructure Al -Source Bundled
        foreach ($name in 'CON', 'a/b', 'trailing. ', 'aux.vasp') { $structure.With($null, $null, $null, $null, $name, $null) | Export-Structure -Destination $folder }
        $names = (Get-ChildItem $folder).Name
        $names | Should -HaveCount 4
        foreach ($name in $names) {
            $name | Should -Not -Match '(?i)^(con|aux|prn|nul|com\d|lpt\d)(\.|$)'
            $name | Should -Not -Match '[<>:"/\\|?*]|[. ]$'
        }
    }
}
